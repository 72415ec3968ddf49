"""What the invented team writes, in both languages."""

# ruff: noqa: E501  (each text stands on one line, beside its twin)
from __future__ import annotations

from production.presets.both import Both

STUDIO = "Studio Aalto"
PEOPLE = (  # login name, name, role
    ("ann", "Ann Koski", "owner"),
    ("ben", "Ben Laine", "creator"),
    ("sari", "Sari Heino", "creator"),
    ("vera", "Vera Salo", "reviewer"),
    ("kim", "Kim Niemi", "viewer"),
    ("otto", "Otto Harju", "external"),
)

FIFTH_PILLAR = (
    Both("Craft", "Käsityö"),
    Both("How light, sound and cuts are made.", "Miten valo, ääni ja leikkaus tehdään."),
)

# One title per format and topic; the format's position in the library chooses the row.
TOPICS = (
    Both("light from one window", "valo yhdestä ikkunasta"),
    Both("sound on a phone", "ääni puhelimella"),
    Both("the first two seconds", "ensimmäiset kaksi sekuntia"),
    Both("captions people read", "tekstitys, jota luetaan"),
    Both("a shoot day in a bakery", "kuvauspäivä leipomossa"),
    Both("thumbnails without faces", "pikkukuvat ilman kasvoja"),
    Both("vertical video for B2B", "pystyvideo B2B-yritykselle"),
    Both("the price of a video", "videon hinta"),
    Both("calls to action that get clicked", "kehotukset, joita klikataan"),
    Both("filming your own team", "oman tiimin kuvaaminen"),
    Both("rhythm in editing", "leikkauksen rytmi"),
    Both("recruiting with video", "rekrytointi videolla"),
    Both("product video in a garage", "tuotevideo autotallissa"),
    Both("a voice that carries", "ääni, joka kantaa"),
    Both("colours in winter light", "värit talvivalossa"),
    Both("retention after 30 seconds", "katsojapysyvyys 30 sekunnin jälkeen"),
    Both("stories from customers", "asiakkaiden tarinat"),
    Both("one take, no cuts", "yhdellä otolla, ilman leikkauksia"),
)
TITLES = (
    Both("Myth vs fact: {topic}", "Myytti vs fakta: {topic}"),
    Both("3 mistakes: {topic}", "3 virhettä: {topic}"),
    Both("Before and after: {topic}", "Ennen ja jälkeen: {topic}"),
    Both("Reaction: {topic}", "Reaktio: {topic}"),
    Both("How to: {topic}", "Näin teet: {topic}"),
    Both("Your question: {topic}", "Kysymyksesi: {topic}"),
    Both("Behind the scenes: {topic}", "Kulissien takana: {topic}"),
    Both("Case: {topic}", "Tapaus: {topic}"),
)
HOOKS = (
    (Both("You are doing this the hard way.", "Teet tämän vaikeimman kautta."), "claim"),
    (Both("Which of these two would you hire?", "Kumman näistä palkkaisit?"), "question"),
    (Both("9 out of 10 leave before this.", "9 kymmenestä lähtee ennen tätä."), "number"),
    (
        Both("Same camera, same chair, one change.", "Sama kamera, sama tuoli, yksi muutos."),
        "contrast",
    ),
    (Both("I paid for this mistake myself.", "Maksoin tästä virheestä itse."), "mistake"),
)
REASONS = (
    Both(
        "Held 2.9 s at the median with twelve viewers.",
        "Piti 2,9 s mediaanina kahdellatoista katsojalla.",
    ),
    Both("People took a side at once.", "Katsoja valitsi heti puolensa."),
    Both("The only one understood without sound.", "Ainoa, jonka ymmärsi ilman ääntä."),
)
PROMISES = (
    Both(
        "You can do it today with the phone you have.",
        "Teet sen tänään sillä puhelimella, joka sinulla on.",
    ),
    Both("You save an hour on your next shoot.", "Säästät tunnin seuraavasta kuvauksesta."),
    Both("You hear the difference before the end.", "Kuulet eron ennen loppua."),
    Both("You know what to ask before you pay.", "Tiedät, mitä kysyä ennen kuin maksat."),
)
HYPOTHESES = (
    Both(
        "A question that asks for a choice holds more people past 3 s.",
        "Valintaa pyytävä kysymys pitää useamman yli 3 sekunnin.",
    ),
    Both(
        "Showing the result first raises saves.", "Tuloksen näyttäminen ensin nostaa tallennuksia."
    ),
    Both(
        "Under 25 seconds the average view passes 50 %.",
        "Alle 25 sekunnissa keskikatselu ylittää 50 %.",
    ),
)
SCRIPT = Both(
    "## Opening (0–3 s)\n{hook}\n\n## The point\n{promise}\n- B-roll: hands, close\n- B-roll: the result on a phone\n\n## Call to action\nSave this before your next shoot day.\n",
    "## Aloitus (0–3 s)\n{hook}\n\n## Asia\n{promise}\n- B-roll: kädet, läheltä\n- B-roll: tulos puhelimen ruudulla\n\n## Kehotus\nTallenna tämä ennen seuraavaa kuvauspäivää.\n",
)
SOURCES = (
    Both("Own test, two windows, 14 clips", "Oma testi, kaksi ikkunaa, 14 klippiä"),
    Both("Survey of our own audience, n 212", "Kysely omalle yleisölle, n 212"),
    Both("Customer's own figures, with consent", "Asiakkaan omat luvut, luvalla"),
)
AI_USE = Both("Captions, checked by hand", "Tekstitys, tarkistettu käsin")
BLOCKS = (
    Both("music rights", "musiikin oikeudet"),
    Both("the customer has not answered", "asiakas ei ole vastannut"),
    Both("the shoot was rained off", "kuvaus peruuntui sateen takia"),
    Both("a price in the last frame is old", "viimeisen ruudun hinta on vanha"),
)
SENT_BACK = (
    Both("The price in the last frame is from spring.", "Viimeisen ruudun hinta on keväältä."),
    Both("Which source says nine out of ten?", "Mikä lähde sanoo yhdeksän kymmenestä?"),
    Both("Our name is missing from the end.", "Nimemme puuttuu lopusta."),
)
COMMENTS = (
    Both(
        "The drop at 0:24 is the section title. Cut it?",
        "Pudotus kohdassa 0:24 on väliotsikko. Leikataanko pois?",
    ),
    Both(
        "@Vera could you look at the numbers before Friday?",
        "@Vera ehditkö katsoa luvut ennen perjantaita?",
    ),
    Both("The second take has better light.", "Toisessa otossa on parempi valo."),
    Both("@Ben shorter, and the hands closer.", "@Ben lyhyempi, ja kädet lähempää."),
    Both("Works without sound, tested on the tram.", "Toimii ilman ääntä, kokeiltu ratikassa."),
)
EVIDENCE = Both("Seen in the rough cut.", "Nähty raakaleikkauksessa.")
LEARNINGS = (
    Both(
        "Ask in the first two seconds, show in the next two.",
        "Kysy kahdessa ensimmäisessä sekunnissa, näytä kahdessa seuraavassa.",
    ),
    Both("Hands hold longer than faces.", "Kädet pitävät katsojan pidempään kuin kasvot."),
    Both("Shorter by five seconds, same saves.", "Viisi sekuntia lyhyempi, samat tallennukset."),
    Both(
        "The call to action works only after the result.", "Kehotus toimii vasta tuloksen jälkeen."
    ),
)
WHYS = (
    Both("Beat the target two weeks running.", "Ylitti tavoitteen kaksi viikkoa peräkkäin."),
    Both("Held, but few saved it.", "Piti katsojat, mutta harva tallensi."),
    Both("Below the baseline in both channels.", "Alle lähtötason molemmissa kanavissa."),
)
LABELS = (
    Both("winter offer", "talvitarjous"),
    Both("evergreen", "ajaton"),
    Both("customer on camera", "asiakas kuvassa"),
    Both("needs voice-over", "tarvitsee spiikin"),
)
MAIN_PIECES = (
    Both(
        "One shoot day, eight clips: the whole guide",
        "Yksi kuvauspäivä, kahdeksan klippiä: koko opas",
    ),
    Both("Light guide for small studios", "Valo-opas pienille studioille"),
)
CUTS = (
    Both("Turn the chair", "Käännä tuoli"),
    Both("Same face, 4K", "Sama ilme, 4K"),
    Both("Which would you hire?", "Kumman palkkaisit?"),
    Both("The lamp you own", "Lamppu, jonka omistat"),
    Both("Ten seconds of silence", "Kymmenen sekuntia hiljaisuutta"),
)
# What stands on the board today: (title, hours since the idea, kind, hours in the stage, format)
TODAY = (
    (
        Both("Myth vs fact: retention is about pacing", "Myytti vs fakta: pysyvyys on rytmiä"),
        31,
        "script",
        7,
        0,
    ),
    (
        Both("Three mistakes that eat the opening", "Kolme virhettä, jotka syövät alun"),
        9,
        "script",
        2,
        1,
    ),
    (
        Both("What a 20-second intro costs you", "Mitä 20 sekunnin intro maksaa"),
        50,
        "script",
        20,
        7,
    ),
    (
        Both(
            "Interview: the bakery that sells on video", "Haastattelu: leipomo, joka myy videolla"
        ),
        20,
        "shoot",
        4,
        7,
    ),
    (
        Both("Myth vs fact: vertical video is cheap", "Myytti vs fakta: pystyvideo on halpaa"),
        18,
        "shoot",
        6,
        0,
    ),
    (
        Both("Before and after: the studio tour", "Ennen ja jälkeen: studiokierros"),
        58,
        "shoot",
        26,
        2,
    ),
    (
        Both("Why most calls to action fail", "Miksi useimmat kehotukset eivät toimi"),
        78,
        "edit",
        31,
        7,
    ),
    (Both("5 hooks, one cut", "5 aloitusta, yksi leikkaus"), 63, "edit", 8, 1),
    (
        Both("Sound fixes you can hear on a phone", "Äänikorjaukset, jotka kuulee puhelimella"),
        55,
        "edit",
        12,
        4,
    ),
    (Both("How long is too long?", "Kuinka pitkä on liian pitkä?"), 24, "edit", 3, 5),
    (
        Both("Reaction: the year's worst ad voice", "Reaktio: vuoden huonoin mainosääni"),
        60,
        "publish",
        6,
        3,
    ),
    (Both("Turn your chair to the window", "Käännä tuoli ikkunaan"), 49, "publish", 11, 4),
    (
        Both(
            "One shoot day, eight clips: the winter offer",
            "Yksi kuvauspäivä, kahdeksan klippiä: talvitarjous",
        ),
        66,
        "publish",
        3,
        6,
    ),
)
IDEAS = (
    (Both("3 mistakes in a call to action", "3 virhettä CTA:ssa"), 48),
    (Both("What would you ask before an offer?", "Mitä kysyisit kuvaajalta ennen tarjousta?"), 26),
    (Both("The cheapest microphone we still use", "Halvin mikrofoni, jota yhä käytämme"), 120),
    (Both("A day with the assistant editor", "Päivä apuleikkaajan kanssa"), 190),
    (Both("Winter light, three settings", "Talvivalo, kolme asetusta"), 70),
    (Both("Does a script kill the joke?", "Tappaako käsikirjoitus vitsin?"), 12),
    (Both("Our own first video, reviewed", "Oma ensimmäinen videomme, arvosteltuna"), 210),
    (Both("Answering the five hardest comments", "Vastaamme viiteen vaikeimpaan kommenttiin"), 30),
    (Both("Price list on video: yes or no", "Hinnasto videolle: kyllä vai ei"), 96),
    (Both("Shoot at 200 % speed, edit at half", "Kuvaa tuplanopeudella, leikkaa puolella"), 8),
    (Both("Captions: burned in or not", "Tekstitys: poltettuna vai ei"), 150),
)
