"""The zones of the states and provinces of countries with several: by code, and by the names that people write.

Facts of our own, since CLDR knows the zones of countries only. A state in two zones is in both. Names of four countries
come from the library of holidays, those of the others stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

import holidays

ZONES: dict[str, dict[str, str]] = {
    "US": {
        "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC TN VA VT WV",
        "America/Chicago": "AL AR FL IA IL IN KS KY LA MI MN MO MS ND NE OK SD TN TX WI",
        "America/Denver": "CO ID KS MT ND NE NM OR SD TX UT WY",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA ID NV OR WA",
        "America/Anchorage": "AK",
        "America/Adak": "AK",
        "Pacific/Honolulu": "HI",
    },
    "CA": {
        "America/St_Johns": "NL",
        "America/Goose_Bay": "NL",
        "America/Halifax": "NB NS PE",
        "America/Toronto": "ON QC",
        "America/Iqaluit": "NU",
        "America/Winnipeg": "MB ON",
        "America/Rankin_Inlet": "NU",
        "America/Regina": "SK",
        "America/Edmonton": "AB NT",
        "America/Cambridge_Bay": "NU",
        "America/Whitehorse": "YT",
        "America/Vancouver": "BC",
    },
    "AU": {
        "Australia/Sydney": "ACT NSW",
        "Australia/Melbourne": "VIC",
        "Australia/Hobart": "TAS",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Darwin": "NT",
        "Australia/Perth": "WA",
    },
    "BR": {
        "America/Sao_Paulo": "DF ES GO MG PR RJ RS SC SP",
        "America/Belem": "AP PA",
        "America/Araguaina": "TO",
        "America/Fortaleza": "CE MA PB PI RN",
        "America/Recife": "PE",
        "America/Maceio": "AL SE",
        "America/Bahia": "BA",
        "America/Cuiaba": "MT",
        "America/Campo_Grande": "MS",
        "America/Manaus": "AM",
        "America/Porto_Velho": "RO",
        "America/Boa_Vista": "RR",
        "America/Rio_Branco": "AC",
    },
    "RU": {
        "Europe/Kaliningrad": "KGD",
        "Europe/Moscow": "AD ARK BEL BRY CE CU DA IN IVA KB KC KDA KIR KL KLU KO KOS KR KRS LEN LIP ME MO MOS MOW MUR"
        " NEN NGR NIZ ORL PNZ PSK ROS RYA SE SMO SPE STA TA TAM TUL TVE VGG VLA VLG VOR YAR",
        "Europe/Samara": "SAM UD",
        "Europe/Astrakhan": "AST",
        "Europe/Saratov": "SAR",
        "Europe/Ulyanovsk": "ULY",
        "Asia/Yekaterinburg": "BA CHE KGN KHM ORE PER SVE TYU YAN",
        "Asia/Omsk": "OMS",
        "Asia/Novosibirsk": "NVS",
        "Asia/Barnaul": "AL ALT",
        "Asia/Tomsk": "TOM",
        "Asia/Novokuznetsk": "KEM",
        "Asia/Krasnoyarsk": "KK KYA TY",
        "Asia/Irkutsk": "BU IRK",
        "Asia/Chita": "ZAB",
        "Asia/Yakutsk": "AMU SA",
        "Asia/Vladivostok": "KHA PRI SA YEV",
        "Asia/Sakhalin": "SAK",
        "Asia/Magadan": "MAG",
        "Asia/Srednekolymsk": "SA",
        "Asia/Kamchatka": "KAM",
        "Asia/Anadyr": "CHU",
    },
    "MX": {
        "America/Cancun": "ROO",
        "America/Mexico_City": "AGU CAM CHP CMX COL GRO GUA HID JAL MEX MIC MOR OAX PUE QUE SLP TAB TLA VER ZAC",
        "America/Merida": "YUC",
        "America/Monterrey": "COA DUR NLE TAM",
        "America/Chihuahua": "CHH",
        "America/Ciudad_Juarez": "CHH",
        "America/Bahia_Banderas": "NAY",
        "America/Mazatlan": "BCS NAY SIN",
        "America/Hermosillo": "SON",
        "America/Tijuana": "BCN",
    },
    "ID": {
        "Asia/Jakarta": "AC BB BE BT JA JB JI JK JT KR LA RI SB SS SU YO",
        "Asia/Pontianak": "KB KT",
        "Asia/Makassar": "BA GO KI KS KU NB NT SA SG SN SR ST",
        "Asia/Jayapura": "MA MU PA PB PD PE PS PT",
    },
}
NAMES: dict[str, str] = {  # "code name/other name, ..."; of Russia the part before Oblast, Krai or Republic
    "RU": "AD Adygea, AL Altai, ALT Altai, AMU Amur, ARK Arkhangelsk, AST Astrakhan, BA Bashkortostan, BEL Belgorod,"
    " BRY Bryansk, BU Buryatia, CE Chechnya/Chechen, CHE Chelyabinsk, CHU Chukotka, CU Chuvashia/Chuvash, DA Dagestan,"
    " IN Ingushetia, IRK Irkutsk, IVA Ivanovo, KAM Kamchatka, KB Kabardino-Balkaria, KC Karachay-Cherkessia,"
    " KDA Krasnodar, KEM Kemerovo, KGD Kaliningrad, KGN Kurgan, KHA Khabarovsk, KHM Khanty-Mansi, KIR Kirov,"
    " KK Khakassia, KL Kalmykia, KLU Kaluga, KO Komi, KOS Kostroma, KR Karelia, KRS Kursk, KYA Krasnoyarsk,"
    " LEN Leningrad, LIP Lipetsk, MAG Magadan, ME Mari El, MO Mordovia, MOS Moscow, MOW Moscow/Moskva, MUR Murmansk,"
    " NEN Nenets, NGR Novgorod, NIZ Nizhny Novgorod, NVS Novosibirsk, OMS Omsk, ORE Orenburg, ORL Oryol, PER Perm,"
    " PNZ Penza, PRI Primorsky/Primorye, PSK Pskov, ROS Rostov, RYA Ryazan, SA Sakha/Yakutia, SAK Sakhalin,"
    " SAM Samara, SAR Saratov, SE North Ossetia, SMO Smolensk, SPE Saint Petersburg/St. Petersburg/St Petersburg,"
    " STA Stavropol, SVE Sverdlovsk, TA Tatarstan, TAM Tambov, TOM Tomsk, TUL Tula, TVE Tver, TY Tuva, TYU Tyumen,"
    " UD Udmurtia, ULY Ulyanovsk, VGG Volgograd, VLA Vladimir, VLG Vologda, VOR Voronezh, YAN Yamalo-Nenets,"
    " YAR Yaroslavl, YEV Jewish Autonomous, ZAB Zabaykalsky",
    "MX": "AGU Aguascalientes, BCN Baja California, BCS Baja California Sur, CAM Campeche, CHH Chihuahua, CHP Chiapas,"
    " CMX Ciudad de México/Mexico City/CDMX/Distrito Federal, COA Coahuila/Coahuila de Zaragoza, COL Colima,"
    " DUR Durango, GRO Guerrero, GUA Guanajuato, HID Hidalgo, JAL Jalisco, MEX México/Estado de México/State of Mexico,"
    " MIC Michoacán/Michoacán de Ocampo, MOR Morelos, NAY Nayarit, NLE Nuevo León, OAX Oaxaca, PUE Puebla,"
    " QUE Querétaro, ROO Quintana Roo, SIN Sinaloa, SLP San Luis Potosí, SON Sonora, TAB Tabasco, TAM Tamaulipas,"
    " TLA Tlaxcala, VER Veracruz/Veracruz de Ignacio de la Llave, YUC Yucatán, ZAC Zacatecas",
    "ID": "AC Aceh, BA Bali, BB Bangka Belitung/Bangka Belitung Islands/Kepulauan Bangka Belitung, BE Bengkulu,"
    " BT Banten, GO Gorontalo, JA Jambi, JB West Java/Jawa Barat, JI East Java/Jawa Timur, JK Jakarta/DKI Jakarta,"
    " JT Central Java/Jawa Tengah, KB West Kalimantan/Kalimantan Barat, KI East Kalimantan/Kalimantan Timur,"
    " KR Riau Islands/Kepulauan Riau, KS South Kalimantan/Kalimantan Selatan, KT Central Kalimantan/Kalimantan Tengah,"
    " KU North Kalimantan/Kalimantan Utara, LA Lampung, MA Maluku, MU North Maluku/Maluku Utara,"
    " NB West Nusa Tenggara/Nusa Tenggara Barat, NT East Nusa Tenggara/Nusa Tenggara Timur, PA Papua,"
    " PB West Papua/Papua Barat, PD Southwest Papua/Papua Barat Daya, PE Highland Papua/Papua Pegunungan,"
    " PS South Papua/Papua Selatan, PT Central Papua/Papua Tengah, RI Riau, SA North Sulawesi/Sulawesi Utara,"
    " SB West Sumatra/Sumatera Barat, SG Southeast Sulawesi/Sulawesi Tenggara, SN South Sulawesi/Sulawesi Selatan,"
    " SR West Sulawesi/Sulawesi Barat, SS South Sumatra/Sumatera Selatan, ST Central Sulawesi/Sulawesi Tengah,"
    " SU North Sumatra/Sumatera Utara, YO Yogyakarta/DI Yogyakarta/Special Region of Yogyakarta",
}


def zones_of_region(country: str, region: str) -> tuple[ZoneInfo, ...]:
    """The zones of a region of a country (a code); nothing where the name says nothing."""
    known = spellings(country.upper())
    return known.get(region.lower()) or known.get(_ascii_lower(region)) or ()


@cache
def spellings(country: str) -> dict[str, tuple[ZoneInfo, ...]]:
    """Every way in which a region is known, in lower case, with its zones; nothing for other countries."""
    zones: dict[str, list[ZoneInfo]] = {}
    for name, codes in ZONES.get(country, {}).items():
        for code in codes.split():
            zones.setdefault(code, []).append(ZoneInfo(name))
    return {
        spelling: tuple(found)
        for code, found in zones.items()
        for name in (code, f"{country}-{code}", *_names(country, code))
        for spelling in (name.lower(), _ascii_lower(name), _plain(name).lower())
    }


def _names(country: str, code: str) -> Iterator[str]:
    if country not in NAMES:
        yield from holidays.country_holidays(country).get_subdivision_aliases().get(code, ())
        return
    for entry in NAMES[country].split(","):
        key, _space, names = entry.strip().partition(" ")
        for name in names.split("/") if key == code else ():
            yield name
            if country == "RU":
                yield from (f"{name} Oblast", f"{name} Krai", f"{name} Republic", f"Republic of {name}")


def _ascii_lower(text: str) -> str:
    """Lower case as a database without a language has it."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _plain(text: str) -> str:
    """Without accents."""
    return "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
