"""The language of a picture: texts in place of English ones, and the decimal separator.

`current_language` is the one in which a scene is being built or drawn. A scene keeps the language it was built in, and
a stage draws in that of its scene, so that pictures in several languages can be made side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from animate.errors import UsageError, did_you_mean

Alternatives = str | tuple[str, ...]

_COMMA = (
    *("af", "az", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "eo", "es", "et", "eu", "fi", "fo", "fr", "gl", "hr"),
    *("hu", "hy", "id", "is", "it", "ka", "kk", "kl", "ky", "lb", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl", "pt"),
    *("ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk", "uz", "vi"),
)
_POINT = ("ar", "bn", "en", "fa", "ga", "he", "hi", "ja", "ko", "ms", "ne", "sw", "ta", "te", "th", "ur", "zh")
_OTHERWISE = {
    **dict.fromkeys(("de-CH", "de-LI", "it-CH", "es-419", "es-CU", "es-GT", "es-MX", "es-PA", "es-PE", "es-US"), "."),
    "en-ZA": ",",
}
_TERRITORIES = (
    "001 002 003 005 009 011 013 014 015 017 018 019 021 029 030 034 035 039 053 054 057 061 142 143 145 150 151 "
    "154 155 202 419 AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
    "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC "
    "EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT "
    "HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU "
    "LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU "
    "NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO "
    "SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN "
    "VU WF WS XK YE YT ZA ZM ZW"
)
"""Countries by ISO 3166, and the regions of UN M.49 that languages are spoken in."""
_NO_WORDS = re.compile(r"\{.*?\}|\$.*?\$")
_WORD = re.compile(r"[^\W\d_]{2}")
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}|\d{3}))?(?:\.[\w-]+)?(?:@\w+)?")


@dataclass(frozen=True)
class Language:
    """Texts in place of English ones, and how numbers are written.

    Parameters
    ----------
    tag : str
        Such as ``de`` or ``de-CH``.
    decimal : str
        The decimal separator, ``.`` or ``,``.
    texts : mapping of str to str
        From the English text, with names in braces where values go, to the one in this language.
    sources : mapping of str to str
        From the English text to the place of a translation that a user wrote, which begins messages about it.
    """

    tag: str = "en"
    decimal: str = "."
    texts: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def text(self, english: str) -> str:
        """Return a text in this language; the English one where there is no other."""
        return self.texts.get(english, english)

    def alternatives(self, english: Sequence[str]) -> tuple[str, ...]:
        """Return the alternatives of a text, from long to short, in this language.

        After one that is translated, those without a translation are left out, so that no picture falls back to English
        because it is small.
        """
        is_known = [text in self.texts for text in english]
        begins = is_known.index(True) if True in is_known else len(english)
        later = [text for text in english[begins:] if self._is_own(text) or not _WORD.search(_NO_WORDS.sub("", text))]
        return tuple(map(self.text, (*english[:begins], *later)))

    def _is_own(self, text: str) -> bool:
        """Return whether a text has a translation, or is one: texts may be translated again where they are drawn."""
        return text in self.texts or text in self.texts.values()

    def with_texts(self, texts: Mapping[str, str]) -> Language:
        """Return this language with further texts, which win over its own."""
        if not texts:
            return self
        sources = {english: f"words: {english!r}" for english in texts}
        return replace(self, texts={**self.texts, **texts}, sources={**self.sources, **sources})

    def source_of(self, character: str, text: str) -> str:
        """Return the place of a user's translation that brought a character into a text, or ""."""
        own = [english for english in self.sources if character in self.texts[english]]
        found = [english for english in own if self.texts[english] in text or text in self.texts[english]] or own
        return self.sources[found[0]] if found else ""

    @contextmanager
    def active(self) -> Iterator[None]:
        """Make this the current language in a ``with`` block."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)


ENGLISH = Language()
_CURRENT: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current_language() -> Language:
    """Return the language in which a scene is being built or drawn."""
    return _CURRENT.get()


def translated(words: Alternatives) -> Alternatives:
    """Return a text, or each of its alternatives, in the current language.

    >>> with Language(texts={"optimum": "Optimum"}).active():
    ...     translated(("the optimum", "optimum"))
    ('the optimum', 'Optimum')

    Raises
    ------
    UsageError
        If it is neither.
    """
    parts = (words,) if isinstance(words, str) else words
    if not isinstance(parts, list | tuple) or not parts or not all(isinstance(part, str) for part in parts):
        raise UsageError(f"a text must be a str, or a tuple of them from long to short; got {words!r}.")
    language = _CURRENT.get()
    if not language.texts:
        return words
    if isinstance(words, str):
        return _with_braces(words, language.text(words))
    return tuple(_with_braces(words[0], text) for text in language.alternatives(words))


def _with_braces(english: str, text: str) -> str:
    """Return a translation with the braces that are written twice in it; those of formulas stay as they are."""
    return text if "$" in english or text == english else text.replace("{{", "{").replace("}}", "}")


def decimal_of_locale(locale: str) -> tuple[str, str]:
    """Return the tag of a locale and its decimal separator.

    Parameters
    ----------
    locale : str
        A language, with or without a territory: ``de``, ``de-CH``, ``pt_BR.UTF-8``.

    Raises
    ------
    UsageError
        If it is no locale, of a language that is not known here, or of a territory that does not exist.

    References
    ----------
    Unicode CLDR, the symbols of numbers in Latin digits.

    >>> decimal_of_locale("de"), decimal_of_locale("de_CH.UTF-8")
    (('de', ','), ('de-CH', '.'))
    """
    match = _LOCALE.fullmatch(locale)
    language, territory = (match[1].lower(), (match[2] or "").upper()) if match else ("", "")
    tag = f"{language}-{territory}" if territory else language
    if language not in (*_COMMA, *_POINT):
        hint = did_you_mean(locale, (*_COMMA, *_POINT)) or " de writes a comma, en a point."
        raise UsageError(f"locale must be a language such as de, or de-CH; got {locale!r}.{hint}")
    if territory and territory not in _TERRITORIES.split():
        nearest = f"{language}-GB" if territory == "UK" else language
        raise UsageError(
            f"locale must have a territory that exists, such as CH or 419, or none; got {locale!r}. Did you mean "
            f"{nearest!r}?"
        )
    return tag, _OTHERWISE.get(tag, "," if language in _COMMA else ".")
