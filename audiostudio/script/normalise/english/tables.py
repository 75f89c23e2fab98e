"""What English abbreviations, units and signs stand for."""

import re

from audiostudio.script.wordlist import word_set

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
MONTH_BY_NAME = {name[:length].lower(): name for name in MONTHS for length in (3, len(name))} | {"sept": "September"}
DAYS = {
    "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "thur": "Thursday",
    "thurs": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip

TITLES = {
    "mr": "Mister", "mrs": "Missus", "ms": "Miz", "mx": "Mix", "dr": "Doctor", "drs": "Doctors", "prof": "Professor",
    "gen": "General", "gov": "Governor", "sen": "Senator", "rep": "Representative", "capt": "Captain", "cpt": "Captain",
    "lt": "Lieutenant", "col": "Colonel", "sgt": "Sergeant", "cmdr": "Commander", "rev": "Reverend", "hon": "Honorable",
    "pres": "President", "supt": "Superintendent", "cpl": "Corporal", "maj": "Major", "adm": "Admiral",
    "fr": "Father", "br": "Brother", "msgr": "Monsignor", "messrs": "Messieurs", "mt": "Mount", "ft": "Fort",
    "st": "Saint",
}  # fmt: skip
"""Before a name, with or without a full stop."""

SHORT = {
    "e.g": "for example", "eg": "for example", "i.e": "that is", "ie": "that is", "etc": "et cetera", "vs": "versus",
    "viz": "namely", "cf": "compare", "approx": "approximately", "est": "established", "esp": "especially",
    "incl": "including", "excl": "excluding", "misc": "miscellaneous", "dept": "department", "govt": "government",
    "univ": "university", "assn": "association", "assoc": "associates", "bros": "brothers", "inc": "incorporated",
    "ltd": "limited", "corp": "corporation", "jr": "junior", "sr": "senior", "esq": "esquire", "ave": "avenue",
    "blvd": "boulevard", "rd": "road", "ln": "lane", "hwy": "highway", "pkwy": "parkway", "ste": "suite",
    "apt": "apartment", "bldg": "building", "eds": "editors", "al": "al", "ca": "circa", "tel": "telephone",
    "ext": "extension", "max": "maximum", "min": "minimum", "avg": "average", "temp": "temperature",
    "a.k.a": "also known as", "p.s": "P S", "r.s.v.p": "R S V P", "w/": "with", "w/o": "without", "b/c": "because",
    "c/o": "care of", "n/a": "not applicable", "co": "company", "sq": "square", "pls": "please", "orig": "original",
}  # fmt: skip
NEEDS_STOP = word_set("ie eg est esp al ca ext max min temp co sq fr br hon pres gen gov sen rep col adm maj ste inc "
                       "ln rd sun sat wed mar may mt ft ave corp assoc")  # fmt: skip
"""Abbreviations that are words or names of their own without a full stop."""
WITHOUT_STOP = {"aka": "also known as", "w/": "with", "w/o": "without", "b/c": "because", "c/o": "care of",
                "n/a": "not applicable", "vs": "versus", "approx": "approximately", "btw": "by the way",
                "imo": "in my opinion", "tbd": "to be determined", "diy": "D I Y"}  # fmt: skip

BEFORE_NUMBER = {
    "no": "number", "nos": "numbers", "nr": "number", "vol": "volume", "vols": "volumes", "ch": "chapter",
    "chap": "chapter", "fig": "figure", "figs": "figures", "sec": "section", "sect": "section", "p": "page",
    "pp": "pages", "pg": "page", "art": "article", "ver": "version", "v": "version", "ed": "edition", "eq": "equation",
    "para": "paragraph", "pt": "part", "ep": "episode", "op": "opus", "rm": "room", "ext": "extension", "ca": "circa",
    "c": "circa", "apt": "apartment", "ste": "suite", "est": "established", "tel": "telephone", "bk": "book",
    "min": "minimum", "max": "maximum", "nº": "number", "n°": "number", "№": "number", "§": "section", "s": "season",
}  # fmt: skip

UNITS = {
    "mm": "millimeter", "cm": "centimeter", "m": "meter", "km": "kilometer", "µm": "micrometer", "μm": "micrometer",
    "nm": "nanometer", "in": "inch", "ft": "foot", "yd": "yard", "yds": "yard", "mi": "mile", "nmi": "nautical mile",
    "mg": "milligram", "µg": "microgram", "g": "gram", "kg": "kilogram", "kgs": "kilogram", "lb": "pound",
    "lbs": "pound", "oz": "ounce", "ml": "milliliter", "mL": "milliliter", "cl": "centiliter", "dl": "deciliter",
    "l": "liter", "L": "liter", "gal": "gallon", "pt": "pint", "qt": "quart", "tsp": "teaspoon", "tbsp": "tablespoon",
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "THz": "terahertz",
    "W": "watt", "kW": "kilowatt", "MW": "megawatt", "GW": "gigawatt", "Wh": "watt hour", "kWh": "kilowatt hour",
    "MWh": "megawatt hour", "V": "volt", "kV": "kilovolt", "mV": "millivolt", "A": "amp", "mA": "milliamp",
    "mAh": "milliamp hour", "Ah": "amp hour", "Ω": "ohm", "kΩ": "kilohm", "J": "joule", "kJ": "kilojoule",
    "cal": "calorie", "kcal": "kilocalorie", "N": "newton", "Pa": "pascal", "kPa": "kilopascal", "hPa": "hectopascal",
    "bar": "bar", "psi": "P S I", "dB": "decibel", "dBA": "decibel", "lm": "lumen", "cd": "candela",
    "B": "byte", "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
    "PB": "petabyte", "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte", "bit": "bit",
    "kbit": "kilobit", "Mbit": "megabit", "Gbit": "gigabit", "kb": "kilobit", "Mb": "megabit", "Gb": "gigabit",
    "MP": "megapixel", "px": "pixel", "dpi": "D P I", "ppi": "P P I", "fps": "frame per second", "rpm": "R P M",
    "bpm": "beat per minute", "ms": "millisecond", "µs": "microsecond", "ns": "nanosecond", "s": "second",
    "sec": "second", "secs": "second", "min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour",
    "d": "day", "wk": "week", "wks": "week", "mo": "month", "mos": "month", "yr": "year", "yrs": "year",
    "mph": "mile per hour", "kph": "kilometer per hour", "kmh": "kilometer per hour", "km/h": "kilometer per hour",
    "m/s": "meter per second", "kbps": "kilobit per second", "Mbps": "megabit per second", "mbps": "megabit per second",
    "Gbps": "gigabit per second", "kn": "knot", "ha": "hectare", "sqft": "square foot", "mol": "mole", "t": "ton",
    "°C": "degree Celsius", "°F": "degree Fahrenheit", "℃": "degree Celsius", "℉": "degree Fahrenheit",
    "°": "degree", "º": "degree", "ppm": "part per million", "hp": "horsepower", "bps": "bit per second",
    "million": "million", "ct": "carat", "pcs": "piece", "pc": "piece",
}  # fmt: skip
"""Singular. A square or cube sign and `/UNIT` may follow."""
ATTACHED_ONLY = word_set("in A B d t pt mo N cd")
"""Units that are also words: only after a number without a space."""
_UNCHANGED = word_set("hertz kilohertz megahertz gigahertz terahertz horsepower million")
_IRREGULAR = {"foot": "feet", "inch": "inches", "nautical mile": "nautical miles", "square foot": "square feet"}
BRITISH = {"meter": "metre", "liter": "litre"}

CAPITALS = {"JSON": "Jason", "NGINX": "engine X", "SQLITE": "S Q Lite", "YAML": "yamel", "GIMP": "gimp"}
"""Names in capitals that are neither spelled nor read by the usual rules."""
CALLED = word_set("boeing airbus room flight route highway area bus interstate section apollo model")
"""Words before a number that is said in pairs: “Boeing seven forty-seven”."""

CURRENCIES = {
    "$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent"), "¥": ("yen", ""), "₹": ("rupee", "paisa"),
    "₩": ("won", ""), "₽": ("ruble", "kopek"), "₿": ("bitcoin", ""), "₺": ("lira", ""), "₴": ("hryvnia", ""),
    "₾": ("lari", "tetri"), "₪": ("shekel", ""), "฿": ("baht", ""), "₫": ("dong", ""), "₦": ("naira", ""),
    "US$": ("U S dollar", "cent"), "A$": ("Australian dollar", "cent"), "C$": ("Canadian dollar", "cent"),
    "NZ$": ("New Zealand dollar", "cent"), "HK$": ("Hong Kong dollar", "cent"), "R$": ("real", "centavo"),
    "USD": ("U S dollar", "cent"), "EUR": ("euro", "cent"), "GBP": ("pound", "penny"), "JPY": ("yen", ""),
    "CHF": ("Swiss franc", ""), "CAD": ("Canadian dollar", "cent"), "AUD": ("Australian dollar", "cent"),
    "INR": ("rupee", "paisa"), "CNY": ("yuan", ""), "RMB": ("yuan", ""), "GEL": ("lari", "tetri"),
}  # fmt: skip
_SAME_PLURAL = frozenset(("yen", "won", "yuan", "baht", "dong", "lari", "tetri", "R P M", "P S I", "D P I", "P P I"))

SIGNS = {
    "+": "plus", "=": "equals", "×": "times", "÷": "divided by", "*": "times", "≤": "is at most", "≥": "is at least",
    "≠": "is not equal to", "≈": "is about", "<": "is less than", ">": "is greater than", "±": "plus or minus",
    "&": "and", "@": "at", "%": "percent", "‰": "per mille",
    "√": "the square root of", "∞": "infinity", "∑": "the sum of",
    "−": "minus", "·": "times", "∈": "in", "→": "to", "⇒": "implies", "≡": "is identical to", "°": "degrees",
    "£": "pounds", "€": "euros", "$": "dollars", "¥": "yen", "¢": "cents", "#": "number", "^": "to the power of",
    "§": "section", "№": "number", "π": "pi", "µ": "micro", "\\": "backslash", "~": "about", "/": "slash", "|": "",
}  # fmt: skip
BEFORE = {"<": "less than", ">": "more than", "≤": "at most", "≥": "at least", "~": "about", "≈": "about",
          "∼": "about", "±": "plus or minus"}  # fmt: skip
"""Signs as they are read right before a number."""

ZONES = word_set("GMT UTC EST EDT CST CDT MST MDT PST PDT BST CET CEST EET IST JST AEST AEDT ET PT CT MT Z")

ENDINGS = sorted(word_set(
    "com org net edu gov io co uk de fr es it br jp cn in ru eu us ca au nz tv me ly ai app dev info biz fm gg "
    "xyz online studio ge ch nl se no pl be at dk fi pt ie tech store shop blog news"))  # fmt: skip
"""Of host names without `www.` or `https://`."""
FILES = sorted(word_set(
    "txt md pdf doc docx xls xlsx ppt pptx csv json xml yaml yml html htm css js ts py rs go c h cpp java sh bat "
    "exe zip tar gz rar 7z dmg iso png jpg jpeg gif svg webp bmp tiff psd mp3 wav flac ogg opus m4a aac mp4 mov "
    "mkv avi webm srt vtt ass lrc mid midi sf2 log ini cfg toml db sql bin"))  # fmt: skip
SAID = word_set("com org net edu gov info biz app dev online studio store shop blog news tech doc zip bat bin log txt "
                 "java toml ini rst midi jpeg json wav tar opus")  # fmt: skip
"""Endings that are read as words; others are spelled."""

NUMBERED = word_set("chapter part volume act scene section phase type book title article appendix class level stage "
                     "grade episode season war bowl game unit module lesson tier mark figure table step room "
                     "world generation gen series schedule annex canto psalm apollo gemini rocky")  # fmt: skip
"""Words before a Roman numeral that is read as a plain number."""
RULERS = word_set("henry george louis elizabeth charles edward james william richard mary john paul benedict pius leo "
                   "francis gregory clement innocent urban nicholas catherine alexander peter ivan philip felipe juan "
                   "carlos ferdinand frederick wilhelm gustav harald haakon olav christian ramses ptolemy cleopatra "
                   "napoleon otto rudolf maximilian joseph leopold albert baudouin umberto vittorio emmanuel david "
                   "malcolm robert bagrat heraclius erekle vakhtang tamar constantine justinian theodosius darius "
                   "xerxes artaxerxes thutmose amenhotep seti margrethe beatrix victor sigismund casimir mehmed "
                   "murad selim suleiman bayezid pedro afonso manuel alfonso isabella anne stephen")  # fmt: skip


def plural(name: str) -> str:
    """“feet”, “miles per hour”, “degrees Celsius”, “pence”."""
    if name in _UNCHANGED or name in _SAME_PLURAL:
        return name
    if name in _IRREGULAR:
        return _IRREGULAR[name]
    if name == "penny":
        return "pence"
    head, link, rest = name.partition(" per ")
    if link:
        return plural(head) + link + rest
    if name.startswith("degree "):
        return "degrees" + name.removeprefix("degree")
    return name + ("es" if re.search(r"(?:s|x|ch|sh)$", name) else "s")
