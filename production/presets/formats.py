"""Eight formats, each with its template: title formula, opening, B-roll list, call to action (R21)."""

# ruff: noqa: E501  (each text stands on one line, beside its twin)
from __future__ import annotations

from dataclasses import dataclass

from production.presets.both import Both


@dataclass(frozen=True, slots=True)
class FormatPreset:
    name: Both
    title: Both
    hook: Both
    b_roll: tuple[Both, ...]
    cta: Both
    seconds: tuple[int, int]
    script: Both


FORMATS = (
    FormatPreset(
        Both("Myth vs fact", "Myytti vs fakta"),
        Both("“{myth}”: true or not?", "”{myytti}”: totta vai ei?"),
        Both("Say the myth as if you believed it, then stop.", "Sano myytti kuin uskoisit siihen, ja pysähdy."),
        (
            Both("The myth as text on screen", "Myytti tekstinä ruudulla"),
            Both("Source on screen while the fact is said", "Lähde ruudussa faktan aikana"),
            Both("Close-up of the proof", "Lähikuva todisteesta"),
        ),
        Both("Save this for the next time you hear it.", "Tallenna seuraavaa kertaa varten."),
        (20, 40),
        Both(
            "Myth (0–3 s):\n\nWhy people believe it:\n\nFact, with its source:\n\nWhat to do instead:\n",
            "Myytti (0–3 s):\n\nMiksi siihen uskotaan:\n\nFakta ja sen lähde:\n\nMitä tehdä sen sijaan:\n",
        ),
    ),
    FormatPreset(
        Both("3 mistakes", "3 virhettä"),
        Both("{number} mistakes in {topic}", "{luku} virhettä: {aihe}"),
        Both("Begin with the mistake that costs most.", "Aloita kalleimmasta virheestä."),
        (
            Both("Each mistake acted out", "Jokainen virhe näyteltynä"),
            Both("The right way beside the wrong", "Oikea tapa väärän vieressä"),
            Both("Count on screen: 1, 2, 3", "Laskuri ruudulla: 1, 2, 3"),
        ),
        Both("Which one is yours? Answer in the comments.", "Mikä näistä on sinun? Vastaa kommenteissa."),
        (25, 45),
        Both(
            "Mistake 3 and its price (0–3 s):\n\nMistake 1 → do this:\n\nMistake 2 → do this:\n\nMistake 3 → do this:\n",
            "Virhe 3 ja sen hinta (0–3 s):\n\nVirhe 1 → tee näin:\n\nVirhe 2 → tee näin:\n\nVirhe 3 → tee näin:\n",
        ),
    ),
    FormatPreset(
        Both("Before / after", "Ennen / jälkeen"),
        Both("{thing}: before and after {time}", "{kohde}: ennen ja {aika} jälkeen"),
        Both("Show the end result for one second, then go back.", "Näytä lopputulos sekunnin ajan, palaa sitten alkuun."),
        (
            Both("Before, same angle as after", "Ennen, samasta kulmasta kuin jälkeen"),
            Both("Three steps of the work", "Kolme työvaihetta"),
            Both("After, held for two seconds", "Jälkeen, kahden sekunnin otos"),
        ),
        Both("Follow to see the next one.", "Seuraa, niin näet seuraavan."),
        (15, 35),
        Both(
            "After, one second (0–1 s):\n\nBefore and the problem:\n\nWhat was done, in three steps:\n\nAfter, and the number that changed:\n",
            "Jälkeen, yksi sekunti (0–1 s):\n\nEnnen ja ongelma:\n\nMitä tehtiin, kolme vaihetta:\n\nJälkeen ja luku, joka muuttui:\n",
        ),
    ),
    FormatPreset(
        Both("Reaction", "Reaktio"),
        Both("We looked at {work}: {verdict}", "Katsoimme: {kohde}. {arvio}"),
        Both("Freeze on the moment you react to.", "Pysäytä kuva siihen, mihin reagoit."),
        (
            Both("The clip, with permission noted", "Pätkä, lupa kirjattuna"),
            Both("Your face at the moment", "Kasvosi sillä hetkellä"),
            Both("Drawn arrow or frame on the detail", "Nuoli tai kehys yksityiskohtaan"),
        ),
        Both("What should we look at next?", "Mitä katsomme seuraavaksi?"),
        (20, 60),
        Both(
            "The moment (0–2 s):\n\nWhat works and why:\n\nWhat we would change:\n\nRule to take along:\n",
            "Hetki (0–2 s):\n\nMikä toimii ja miksi:\n\nMitä muuttaisimme:\n\nSääntö mukaan:\n",
        ),
    ),
    FormatPreset(
        Both("How-to", "Näin se tehdään"),
        Both("How to {result} in {time}", "Näin {tulos}: {aika}"),
        Both("Promise the result and the time in one sentence.", "Lupaa tulos ja aika yhdellä lauseella."),
        (
            Both("Result first", "Tulos ensin"),
            Both("Hands or screen for every step", "Kädet tai ruutu joka vaiheessa"),
            Both("Step numbers on screen", "Vaiheiden numerot ruudulla"),
        ),
        Both("Save it and try it this week.", "Tallenna ja kokeile tällä viikolla."),
        (30, 60),
        Both(
            "Result and time (0–3 s):\n\nWhat you need:\n\nStep 1:\n\nStep 2:\n\nStep 3:\n\nCheck that it worked:\n",
            "Tulos ja aika (0–3 s):\n\nMitä tarvitset:\n\nVaihe 1:\n\nVaihe 2:\n\nVaihe 3:\n\nTarkista, että onnistui:\n",
        ),
    ),
    FormatPreset(
        Both("Question", "Kysymys"),
        Both("{group}: {question}?", "{ryhmä}: {kysymys}?"),
        Both("Ask what people already argue about.", "Kysy siitä, mistä jo väitellään."),
        (
            Both("The question as large text", "Kysymys isona tekstinä"),
            Both("Two opposite answers", "Kaksi vastakkaista vastausta"),
        ),
        Both("Answer with one word.", "Vastaa yhdellä sanalla."),
        (8, 20),
        Both(
            "Question (0–2 s):\n\nWhy it is not simple:\n\nOur own answer, short:\n\nYour turn:\n",
            "Kysymys (0–2 s):\n\nMiksi se ei ole yksinkertainen:\n\nOma vastauksemme lyhyesti:\n\nSinun vuorosi:\n",
        ),
    ),
    FormatPreset(
        Both("Behind the scenes", "Kulissien takana"),
        Both("What {moment} really looks like", "Miltä {hetki} oikeasti näyttää"),
        Both("Begin in the middle, without a greeting.", "Aloita keskeltä, ilman tervehdystä."),
        (
            Both("The room before it is tidy", "Huone ennen siivousta"),
            Both("Something that goes wrong", "Jotain, mikä menee pieleen"),
            Both("A face when it works", "Kasvot, kun se onnistuu"),
        ),
        Both("Ask us anything about how it is made.", "Kysy mitä vain siitä, miten tämä tehdään."),
        (15, 45),
        Both(
            "In the middle of it (0–3 s):\n\nWhat we are trying:\n\nWhat went wrong:\n\nHow it ended:\n",
            "Keskellä tekemistä (0–3 s):\n\nMitä yritämme:\n\nMikä meni pieleen:\n\nMiten kävi:\n",
        ),
    ),
    FormatPreset(
        Both("Case", "Tapaus"),
        Both("How {client} went from {start} to {end}", "Näin {asiakas}: {alku} → {loppu}"),
        Both("Put the two numbers side by side.", "Aseta kaksi lukua vierekkäin."),
        (
            Both("The two numbers on screen", "Kaksi lukua ruudulla"),
            Both("The client at work", "Asiakas työssään"),
            Both("Chart or screen that proves it", "Käyrä tai ruutu, joka todistaa sen"),
            Both("A sentence from the client", "Asiakkaan oma lause"),
        ),
        Both("Book a talk: link in the profile.", "Varaa keskustelu: linkki profiilissa."),
        (60, 180),
        Both(
            "Two numbers (0–3 s):\n\nWhere it began:\n\nWhat was in the way:\n\nWhat was done, in order:\n\nWhat came of it, with dates:\n\nWhat would work for you:\n",
            "Kaksi lukua (0–3 s):\n\nMistä lähdettiin:\n\nMikä oli tiellä:\n\nMitä tehtiin, järjestyksessä:\n\nMitä siitä tuli, päivämäärineen:\n\nMikä toimisi sinulla:\n",
        ),
    ),
)  # fmt: skip
