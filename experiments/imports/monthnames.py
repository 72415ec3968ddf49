"""Months by name, as accounts in seven languages write them, whole or shortened."""

from __future__ import annotations

_NAMES = (
    "january jan enero ene januar janeiro janvier janv gennaio gen tammikuu tammikuuta tammi",
    "february feb febrero februar fevereiro fev février févr febbraio helmikuu helmikuuta helmi",
    "march mar marzo märz mrz março mars maaliskuu maaliskuuta maalis",
    "april apr abril abr avril aprile huhtikuu huhtikuuta huhti",
    "may mayo mai maio maggio mag toukokuu toukokuuta touko",
    "june jun junio juni junho juin giugno giu kesäkuu kesäkuuta kesä",
    "july jul julio juli julho juillet juil luglio lug heinäkuu heinäkuuta heinä",
    "august aug agosto ago août elokuu elokuuta elo",
    "september sep sept septiembre setembro set septembre settembre syyskuu syyskuuta syys",
    "october oct octubre oktober okt outubro out octobre ottobre ott lokakuu lokakuuta loka",
    "november nov noviembre novembro novembre marraskuu marraskuuta marras",
    "december dec diciembre dic dezember dez dezembro décembre déc dicembre joulukuu joulukuuta"
    " joulu",
)
_MONTHS = {name: number for number, line in enumerate(_NAMES, 1) for name in line.split()}


def month_of(name: str) -> int:
    """1 to 12, or 0 for what is no month."""
    return _MONTHS.get(name.casefold(), 0)
