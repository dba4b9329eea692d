"""What a question asks for, in a story's terms. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.companion.vocabulary import CLOSE, EMPTY, LIGHT
from bot.errors import BadInput
from bot.stories import analyser

LONGEST = 150  # characters of a question

_WORTH = {"alias": 0.8, "close": 0.7, "name": 0.6, "light": 0.5}
_CHAPTER = re.compile(r"\b(?:in|of|from|during|at)?\s*chapter\s+(\d{1,6}|[a-z]+)\b", re.IGNORECASE)
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_IDLE = re.compile(  # phrases of words that say something only elsewhere
    r"\b(?:looks? like|turn(?:s|ed)? out|for a living|in the end|at (?:first|last|all)|used? to"
    r"|find out about|come about|take place|ends? up|show up|kind of|sort of)\b",
    re.IGNORECASE,
)
# Questions about the posts are made of such words alone: with any other they ask about the story.
_POLITE = (
    "a an and can could do ever give hey hi i is it me ok okay please so tell the this us we you"
)
_WHEN_NEXT = re.compile(
    r"\b(?:when|what (?:day|date|time)|how (?:soon|long|often)|(?:is|are|will) there)\b.*"
    r"\b(?:(?:next|new|more) (?:bit|chapter|episode|instal?lment|one|part|post|update)s?"
    r"|updates?|updated|posted|continues?|continued|resumes?|go(?:es|ing)? on|(?:come|be) back"
    r"|more)\b"
)
_OF_SCHEDULES = frozenset(
    f"{_POLITE} any are as at back be before bit bits chapter chapters come comes coming continue"
    " continued continues date day days does due episode episodes expect expected for get go goes"
    " going here how installment installments instalment instalments just long month more new next"
    " of often on one ones out part parts post posted posts published read released resume resumes"
    " scheduled see serial soon story there till time to today tomorrow tonight until up update"
    " updated updates usually week what when will yet".split()
)
_MISSED = re.compile(
    r"\b(?:(?:i|we) (?:have )?miss(?:ed)?|catch (?:me|us) up|recap|summar(?:y|i[sz]e)"
    r"|(?:i|we) (?:was|were|have been) (?:away|gone)|(?:so far|(?:un)?til now|up to now))\b"
)
_OF_WHAT_WAS_MISSED = frozenset(
    f"{_POLITE} all any anything away been bit catch chapter chapters days did everything far few"
    " for gone happened happening has have how important in last lot lots many miss missed month"
    " much now of on part parts past quick recap short since something story summarise summarize"
    " summary that there time til till until up was week weeks were what whats which while"
    " yesterday".split()
)
_SHORTENED = (
    ("’", "'"),
    ("'s ", " is "),
    ("'ve ", " have "),
    ("'ll ", " will "),
    ("'re ", " are "),
)
_NAME = r"[A-Z]\w*[a-z]\w*"
_FULL_NAME = re.compile(rf"\b{_NAME}(?: {_NAME})+")
_SOME_NAME = re.compile(rf"\b{_NAME}(?: {_NAME})*")
_WITHIN_SENTENCE = re.compile(rf"(?<=[\w,;’—] ){_NAME}")
_CALLED = re.compile(
    r"\b(?:call(?:s|ed)?|nicknamed|known as)(?: (?:him|her|them|it|me))?(?: the)? "
    rf"({_NAME})|\bname (?:is|was) ({_NAME})"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One of the question's words, as the terms that would do for it and how well, from 1 down."""

    terms: Mapping[str, float]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """`words` are those that say something, by their terms, and `pairs` those of them that stand
    side by side; `chapter` is the number of the one asked about."""

    text: str
    words: Mapping[str, Word]
    pairs: tuple[tuple[str, str], ...]
    chapter: int | None

    @property
    def terms(self) -> set[str]:
        return {term for word in self.words.values() for term in word.terms}


def parse(typed: str) -> Question:
    """Raises BadInput."""
    if len(typed) > LONGEST:
        raise BadInput(f"Ask less at a time: a question has at most {LONGEST} characters.")
    chapter = None
    if (said := _CHAPTER.search(typed)) and (chapter := _number(said[1])) is not None:
        rest = typed[: said.start()] + " " + typed[said.end() :]
    else:
        rest = typed
    terms = _terms(_IDLE.sub(" ", rest))
    wanted = [term for term in dict.fromkeys(terms) if term not in EMPTY]
    if not wanted and chapter is None:
        raise BadInput("Ask about somebody or something in the story: *who has the lantern?*")
    pairs = tuple(pair for pair in pairwise(terms) if not EMPTY.intersection(pair))
    return Question(typed, {term: _word(term, wanted) for term in wanted}, pairs, chapter)


def about_the_posts(typed: str) -> str | None:
    """Where to look instead, if the question is about when parts come and not about the story."""
    plain = typed.lower()
    for short, full in _SHORTENED:
        plain = plain.replace(short, full)
    words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", plain)
    said = " ".join(words)
    if _OF_SCHEDULES.issuperset(words) and _WHEN_NEXT.search(said):
        return "When the next part comes is in `/story about`."
    if _OF_WHAT_WAS_MISSED.issuperset(words) and _MISSED.search(said):
        return "What you have missed is in `/story catch-up`."
    return None


def _number(said: str) -> int | None:
    if said.isdecimal():
        return int(said)
    return _NUMBERS.index(said.lower()) + 1 if said.lower() in _NUMBERS else None


def _word(term: str, wanted: Sequence[str]) -> Word:
    close = dict.fromkeys(sorted(CLOSE.get(term, frozenset()).difference(wanted)), _WORTH["close"])
    return Word({**close, term: 1.0}, _WORTH["light"] if term in LIGHT else 1.0)


def named(
    question: Question, paragraphs: Iterable[str], characters: Iterable[Iterable[str]] = ()
) -> Question:
    """With what else those are called whom it names, as these paragraphs have it and by what is
    known of each character's names; and with names weighed down: of whom a passage tells, it often
    says only he or she."""
    names: set[str] = set()
    others: defaultdict[str, set[str]] = defaultdict(set)
    for character in characters:
        terms = {term for name in character for term in _terms(name)} - EMPTY - LIGHT
        names |= terms
        for term in terms:
            others[term] |= terms - {term}
    for text in paragraphs:
        for name in _WITHIN_SENTENCE.findall(text):
            names.update(_terms(name))
        for one, other in _called(text):
            others[one].add(other)
            others[other].add(one)
    words = dict(question.words)
    for term in names & set(words):
        aliases = dict.fromkeys(sorted(others[term].difference(words)), _WORTH["alias"])
        words[term] = Word(
            {**words[term].terms, **aliases}, min(words[term].weight, _WORTH["name"])
        )
    return replace(question, words=words)


def _called(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of terms that are names of one person or thing. Who is called something is most often
    whom the paragraph named first."""
    names = [_terms(match.group()) for match in _FULL_NAME.finditer(text)]
    found = [pair for name in names for pair in pairwise(name)]
    for match in _CALLED.finditer(text):
        before = (_terms(name) for name in _SOME_NAME.findall(text, 0, match.start()))
        first = next((name for name in before if not EMPTY.issuperset(name)), [])
        found += [(term, other) for term in first for other in _terms(match[1] or match[2])]
    for one, other in found:
        if one != other and not {one, other} & (EMPTY | LIGHT):
            yield one, other


def _terms(said: str) -> list[str]:
    return analyser.joined(said).split()
