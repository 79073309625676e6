"""How hard a text is to read, roughly. Pure; English only."""

import re

WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
SENTENCE = re.compile(r"[.!?]+[”\"’)]*(?:\s|$)")


def syllables(word: str) -> int:
    """An estimate: groups of vowels, less a silent final e."""
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade (Kincaid et al. 1975): about 6-9 is B1-B2; 0 for an empty text."""
    words = WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(SENTENCE.findall(text)))
    return round(0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59, 1)
