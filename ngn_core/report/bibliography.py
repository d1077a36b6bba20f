"""The papers behind the specs of a comparison, as BibTeX, from the specs alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ngn_core.report.formats.latex import as_latex

_FIELDS = ("author", "title", "journal", "volume", "pages", "year", "doi")

TEST = "the corrected t-test"
"""What cites the paper of the statistics."""

METHODS: Mapping[str, Mapping[str, Any]] = {
    TEST: {
        "doi": "10.1023/A:1024068626366",
        "authors": ["Claude Nadeau", "Yoshua Bengio"],
        "title": "Inference for the Generalization Error",
        "journal": "Machine Learning",
        "volume": 52,
        "pages": "239-281",
        "year": 2003,
    },
}
"""What the statistics of every comparison rest on."""


def citation_keys(references: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the key of each paper, `ruff2024connectivity`, by what cites it.

    Papers that would have one key have a letter after it, in the order of their DOIs.
    What has neither DOI nor title cites nothing and is not there.
    """
    papers: dict[str, dict[str, None]] = {}
    for reference in references.values():
        if _paper(reference):
            papers.setdefault(_key(reference), {})[_paper(reference)] = None
    found = {}
    for name, reference in references.items():
        if not _paper(reference):
            continue
        key = _key(reference)
        same = sorted(papers[key])
        letter = chr(97 + same.index(_paper(reference))) if len(same) > 1 else ""
        found[name] = f"{key}{letter}"
    return found


def as_bibtex(references: Mapping[str, Mapping[str, Any]]) -> str:
    """Return one entry for each paper, in the order of the keys."""
    keys = citation_keys(references)
    found = {key: references[name] for name, key in keys.items()}
    return "\n".join(_entry(key, found[key]) for key in sorted(found))


def _paper(reference: Mapping[str, Any]) -> str:
    """Return what tells a paper from others, nothing where there is no paper."""
    return str(reference.get("doi") or reference.get("title") or "")


def _key(reference: Mapping[str, Any]) -> str:
    """Return first author, year and first long word; the DOI where that is all."""
    authors, title = reference.get("authors"), reference.get("title")
    if not authors or not title:
        return re.sub(r"[^\w.-]", "_", _paper(reference))
    words = [_letters(word) for word in str(title).split()]
    long = next((word for word in words if len(word) > 3), words[0])
    family = _letters(str(authors[0]).split()[-1])
    return f"{family}{reference.get('year', '')}{long}".lower()


def _entry(key: str, reference: Mapping[str, Any]) -> str:
    values = {
        **reference,
        "author": " and ".join(reference.get("authors") or ()),
    }
    lines = []
    for name in _FIELDS:
        value = values.get(name)
        if not value:
            continue
        text = str(value) if name == "doi" else as_latex(str(value))
        if name == "title":
            text = f"{{{text}}}"  # capitals stay
        if name == "pages":
            text = str(value).replace("-", "--")
        lines.append(f"  {name} = {{{text}}},")
    kind = "article" if reference.get("journal") else "misc"
    return f"@{kind}{{{key},\n" + "\n".join(lines) + "\n}\n"


def _letters(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word)
    return re.sub(r"[^A-Za-z]", "", plain)
