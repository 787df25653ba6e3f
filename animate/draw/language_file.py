"""Languages read from TOML files: every built-in text in other words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from animate.draw.language import ENGLISH, Language, decimal_of_locale
from animate.draw.toml_file import read_toml
from animate.errors import UsageError, did_you_mean

FOLDER = Path(__file__).parents[1] / "languages"
"""Where the languages are that come with the package; ``en.toml`` lists every built-in text."""
SUFFIX = ".toml"
_KEYS = ("base", "locale", "words")


def shipped_languages() -> list[str]:
    """Return the names of the languages that come with the package."""
    return sorted(path.stem for path in FOLDER.glob(f"*{SUFFIX}"))


def find_language(words: str | None = None, locale: str | None = None) -> Language:
    """Return a language by its name or file, with the numbers of a locale.

    Parameters
    ----------
    words : str, optional
        The name of a language that comes with the package, such as ``de``, or the path of a TOML file. Its table
        ``words`` gives a text for each built-in English one. ``base`` names a shipped language that has those which are
        not given; without it every text is required. ``locale`` decides how numbers are written.
    locale : str, optional
        How numbers are written instead, such as ``de`` for a decimal comma.

    Raises
    ------
    UsageError
        If there is no such file, a text is missing or unknown, or one names other values than the English text.
    """
    language = ENGLISH if words is None else _read(file_of(words), file_of(words).stat().st_mtime_ns)
    if locale is None:
        return language
    tag, decimal = decimal_of_locale(locale)
    return replace(language, tag=language.tag if words else tag, decimal=decimal)


def file_of(words: str) -> Path:
    """Return the file of a language.

    Raises
    ------
    UsageError
        If there is none.
    """
    shipped = shipped_languages()
    if words in shipped:
        return FOLDER / f"{words}{SUFFIX}"
    path = Path(words)
    if words and path.is_dir():
        raise UsageError(f"words must be one of {', '.join(shipped)}, or a FILE{SUFFIX}; {words!r} is a folder.")
    if path.suffix != SUFFIX:
        here = [f"{words}{SUFFIX}"] if words and Path(f"{words}{SUFFIX}").is_file() else []
        hint = did_you_mean(words, here or shipped)
        raise UsageError(f"words must be one of {', '.join(shipped)}, or a FILE{SUFFIX}; got {words!r}.{hint}")
    if not path.is_file():
        hint = f" Did you mean {path.stem!r}?" if path.stem in shipped else ""
        raise UsageError(f"words must be a file that can be read; there is none at {words!r}.{hint}")
    return path


@lru_cache(16)
def _read(path: Path, _changed: int) -> Language:
    entries = read_toml(path)
    for key in entries:
        if key not in _KEYS:
            hint = " Texts stand below [words]." if key in built_in_texts() else did_you_mean(key, _KEYS)
            raise UsageError(f"a key of {path} must be one of {', '.join(_KEYS)}; got {key!r}.{hint}")
    texts = entries.get("words", {})
    if not isinstance(texts, dict):
        raise UsageError(f"words in {path} must be a table of texts, headed by [words]; got {texts!r}.")
    texts = _checked(path, texts, is_complete="base" not in entries)
    base = _base(path, entries["base"]) if "base" in entries else ENGLISH
    tag, decimal = base.tag, base.decimal
    if "locale" in entries:
        locale = _text(path, "locale", entries["locale"])
        try:
            tag, decimal = decimal_of_locale(locale)
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from None
    sources = {} if path.parent == FOLDER else {english: f"{english!r} in {path}" for english in texts}
    return Language(tag, decimal, {**base.texts, **texts}, sources)


def _base(path: Path, name: Any) -> Language:
    shipped = shipped_languages()
    if name not in shipped:
        raise UsageError(
            f"base in {path} must be one of {', '.join(shipped)}; got {name!r}.{did_you_mean(str(name), shipped)}"
        )
    return find_language(name)


def _text(path: Path, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{key} in {path} must be a text; got {value!r}.")
    return value


def built_in_texts() -> list[str]:
    """Return every English text that the library writes."""
    return list(read_toml(FOLDER / f"en{SUFFIX}")["words"])


def _checked(path: Path, texts: Mapping[str, Any], *, is_complete: bool) -> dict[str, str]:
    """Return the texts as they are drawn.

    Raises UsageError for an entry that is unknown, names other values, or is missing where all are required.
    """
    from animate.draw.text_template import checked_translation  # numpy: a list of built-in texts does without

    known = built_in_texts() if path.parent != FOLDER or path.stem != "en" else list(texts)
    drawn = {}
    for english, translation in texts.items():
        if english not in known:
            raise UsageError(f"words in {path} must be built-in texts; got {english!r}.{did_you_mean(english, known)}")
        text = _text(path, repr(english), translation)
        drawn[english] = checked_translation(english, text, f"{english!r} in {path}")
    missing = [english for english in known if english not in texts] if is_complete else []
    if missing:
        which = f"{missing[0]!r} is" if len(missing) == 1 else f"{missing[0]!r} and {len(missing) - 1} others are"
        raise UsageError(f'{path} must have every built-in text, or a base = "en"; {which} missing.')
    return drawn
