"""Files as offices have them, and as somebody hostile writes them."""

import csv
import io
from xml.sax.saxutils import escape

BODY = (
    '<p style="margin:0cm;">Wir suchen <strong>Menschen</strong>, die&nbsp;vorlesen &amp; zuhören.</p>\n\n'
    '<ul>\n\t<li>montags</li>\n\t<li>mittwochs</li>\n</ul><p>Mehr <a href="http://www.example.org/mehr">hier</a>.</p>'
)
HAMBURG = [
    *("agenturid", "agenturname", "einrichtungsname", "angebotsname", "beschreibung", "wertigkeit", "plz", "ort"),
    *("kontaktierbar", "avatar", "anzahl_gesuche", "anzahl_aktueller_vermittlungen", "latitude", "longitude"),
    *("ortsteil", "bearbeitet", "erstellt", "_angebotsId"),
]


def freinet_list(offers, encoding="UTF-8") -> bytes:
    """The list that Freinet's MatchingServiceEndpoint answers with: the fields at once below the offer."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<angebotsliste agenturId="177">\n'
    for offer in offers:
        fields = "".join(
            f"\n        <{name}>{escape(str(value))}</{name}>" for name, value in offer.items() if name != "id"
        )
        text += f'    <angebot angebotsId="{offer["id"]}">{fields}\n    </angebot>\n'
    return f"{text}</angebotsliste>\n".encode(encoding)


def freinet_full(offers) -> bytes:
    """The full export: the fields below ``angebot_details``, several values as elements, the host beside them."""
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<angebotsliste agenturId="177">\n'
    for offer in offers:
        text += f'<angebot angebotsId="{offer["id"]}"><angebot_details>'
        text += "".join(full_field(name, value) for name, value in offer.items() if name not in ("id", "einrichtung"))
        host = offer.get("einrichtung", {})
        text += "</angebot_details><einrichtung_details>"
        text += "".join(full_field(name, value) for name, value in host.items()) + "</einrichtung_details></angebot>\n"
    return f"{text}</angebotsliste>".encode()


def full_field(name, value) -> str:
    if isinstance(value, list):
        return f"<{name}>{''.join(f'<element>{escape(part)}</element>' for part in value)}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def an_offer(number=238855, **more) -> dict:
    """An offer of the list."""
    return {
        "id": number,
        "einrichtungsname": "Stadtbibliothek Vingst",
        "angebotsname": "Vorlesen für Kinder",
        "beschreibung": BODY,
        "strasse": "Heßhofstraße 43",
        "plz": "51103",
        "ort": "Köln",
        "anzahl_gesuche": "5",
        "geo_breite": "50.933600",
        "geo_laenge": "7.018600",
        "ortsteil": "",
        "bearbeitet": "1740566346",
    } | more


def a_full_offer(number=345674, **more) -> dict:
    return {
        "id": number,
        "angebotsname": "Lernpatin oder Lernpate",
        "beschreibung": BODY,
        "anforderungen": "<p>Geduld</p>",
        "leistungen": "Fahrtkosten",
        "zeitlicherrahmen": "einmal in der Woche, zwei Stunden",
        "strasse": "Kuthstraße 1",
        "plz": "51107",
        "ort": "Köln",
        "geo_x": "50.9336",
        "geo_y": "7.0186",
        "vorname": "Elif",
        "nachname": "Yildiz",
        "telefon": "0221 4710000",
        "zielgruppen": ["Kinder", "Geflüchtete"],
        "handlungsfelder": ["Kinder und Jugend"],
        "kenntnisse": ["Arabisch B1", "Führerschein"],
        "stadtteile": ["Vingst - K"],
        "einrichtung": {
            "name": "Lernhaus Vingst",
            "email": "info@lernhaus.example",
            "telefon": "0221 4710001",
            "homepage": "www.lernhaus.example",
            "ort": "Köln",
        },
    } | more


def table(header, rows, separator=";") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def hamburg(rows) -> bytes:
    """Freinet's list as a table, the way Hamburg's volunteer centres gave it away: a decimal comma, gaps, HTML."""
    return table(HAMBURG, [[row.get(name, "") for name in HAMBURG] for row in rows]).encode("utf-8-sig")
