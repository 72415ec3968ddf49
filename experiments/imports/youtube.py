"""YouTube Studio, Advanced mode: contents, totals by day, and the tables that are neither."""

from __future__ import annotations

from experiments.imports.kinds import (
    DAY,
    DURATION,
    HOURS,
    ID,
    LABEL,
    PERCENT,
    PUBLISHED,
    SECONDS,
    TITLE,
    US_PACIFIC,
    Column,
    Kind,
    count,
    moment,
    text,
)

_VIEWS = count("views", "Views", "Video views", "Aufrufe", "Visualizações", "Visualizaciones",
               "Vues", "viewCount")  # fmt: skip
_NUMBERS = (
    _VIEWS,
    Column("watch_seconds", HOURS, ("Watch time (hours)", "Wiedergabezeit (Stunden)",
           "Tempo de exibição (horas)", "Tiempo de visualización (horas)")),
    count("net_follows", "Subscribers", "Abonnenten", "Inscritos", "Suscriptores"),
    count("follows", "Subscribers gained", "New Subscribers"),
    count("unfollows", "Subscribers lost", "Unsubscribes"),
    count("impressions", "Impressions", "Thumbnail impressions", "Impressionen", "Impressões",
          "Impresiones", also=("thumbnail_impressions",)),
    Column("thumbnail_ctr_pct", PERCENT, ("Impressions click-through rate (%)",
           "Thumbnail click-through rate (%)", "Klickrate der Impressionen (%)",
           "Taxa de cliques de impressões (%)", "Porcentaje de clics de las impresiones (%)",
           "Video Thumbnail CTR (%)")),
    Column("avg_view_seconds", SECONDS, ("Average view duration",
           "Durchschnittliche Wiedergabedauer", "Duração média da visualização",
           "Duración media de las visualizaciones")),
    Column("avg_view_pct", PERCENT, ("Average percentage viewed (%)", "Average % viewed",
           "Average view percentage (%)", "Durchschnittlich angesehener Prozentsatz (%)",
           "Porcentagem visualizada média (%)")),
    count("likes", "Likes", "„Mag ich“-Bewertungen", "Marcações \"Gostei\"", "likeCount"),
    count("comments", "Comments added", "Comments", "New Comments", "commentCount"),
    count("shares", "Shares"),
    count("unique_viewers", "Unique viewers", also=("reach",)),
    count("new_viewers", "New viewers"),
    count("returning_viewers", "Returning viewers"),
    count("dislikes", "Dislikes"),
)  # fmt: skip
_ID = text(ID, "Content", "Video", "Videos", "Video ID", "ID", "Inhalt", "Inhalte", "Conteúdo",
           "Contenido", "Contenu")  # fmt: skip
_TITLE = text(TITLE, "Video title", "Videotitel", "Título do vídeo", "Título del vídeo",
              "Titre de la vidéo", "Title")  # fmt: skip
_PUBLISHED = moment(
    PUBLISHED, "Video publish time", "Veröffentlichungszeitpunkt des Videos",
    "Horário de publicação do vídeo", "Hora de publicación del vídeo", "publishTime",
)  # fmt: skip
_DURATION = Column(DURATION, SECONDS, ("Duration", "Dauer", "Duração", "Duración",
                   "Video Duration", "duration_seconds"))  # fmt: skip
_DAY = moment(DAY, "Date", "Datum", "Data", "Fecha", "Päivämäärä")
_EXPECTED = frozenset(
    {"views", "watch_seconds", "impressions", "avg_view_seconds", "avg_view_pct", "likes",
     "comments", "shares", "follows", "unfollows"}
)  # fmt: skip

CONTENT = Kind(
    "youtube", "content", "lifetime", (_ID, _TITLE, _PUBLISHED, _DURATION, *_NUMBERS),
    needs=frozenset({ID, PUBLISHED, "views"}), zone_default=US_PACIFIC, most_rows=500,
    expected=_EXPECTED,
)  # fmt: skip
CHART = Kind(
    "youtube", "content_by_day", "day", (_DAY, _ID, _TITLE, _PUBLISHED, _DURATION, *_NUMBERS),
    needs=frozenset({DAY, ID, "views"}), zone_default=US_PACIFIC, expected=frozenset(),
)  # fmt: skip
TOTALS = Kind(
    "youtube", "totals", "day", (_DAY, *_NUMBERS), needs=frozenset({DAY, "views"}),
    zone_default=US_PACIFIC, account_wide=True, expected=frozenset(),
)  # fmt: skip
OTHER = Kind(
    "youtube", "other_dimension", "lifetime",
    (
        text(LABEL, "Geography", "Viewer age", "Viewer gender", "Traffic source", "Device type",
             "Operating system", "Subscription status", "Subtitles and CC", "Cities",
             "Playback location", "Sharing service", "Audience by watch behavior",
             "New and returning viewers", "Geografie", "Alter der Zuschauer", "Zugriffsquelle",
             "Geografia", "Idade do espectador", "Origem do tráfego"),
        *_NUMBERS,
        Column("views_share", PERCENT, ("Views (%)",)),
    ),
    needs=frozenset({LABEL}), refused="other_dimension",
)  # fmt: skip

KINDS = (CONTENT, CHART, TOTALS, OTHER)
