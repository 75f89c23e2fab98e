"""Voices for speakers that have none: by name, gender and language, each another one. Plain Python."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from audiostudio.script.wordlist import word_set
from audiostudio.ui.speech.voices import VoiceList

if TYPE_CHECKING:
    from audiostudio.engines.base import Voice

_FEMALE = word_set(
    "ada agnes aisha alice alma amanda amelia amy ana andrea angela anita ann anna anne annie aoede aria aurora "
    "ava barbara bea beatrice bella bertha beth betty brenda camila carla carmen carol caroline catherine cecilia "
    "charlotte chiara chloe christina claire clara daisy dana daria deborah diana dora dorothy edith eleanor "
    "elena elisa elizabeth ella ellen ellie elsa emily emma erica erin esther eva eve fatima fiona flora florence "
    "frances freya gabriela georgia gina giulia gloria grace greta hannah harriet hazel heather heidi helen "
    "helena ida ines ingrid irene iris isabel isabella isla ivy jane janet jasmine jean jennifer jenny jessica "
    "jill joan joanna josephine joy judith judy julia julie juliet karen kate katherine katie kim kimberly laura "
    "lauren leila lena lily linda lisa liz lola louise lucia lucy luna lydia madison maggie mara margaret maria "
    "mariam marie marina marta martha mary matilda maya megan melissa mia michelle mila molly monica nadia nancy "
    "naomi natalie natasha nicole nina nino nora olga olivia pamela patricia paula penny phoebe priya rachel "
    "rebecca rita rosa rose ruby ruth sally samantha sandra sara sarah scarlett selma sharon silvia simone sofia "
    "sophia sophie stella sue susan susanna sylvia tamar tanya tara teresa tina ursula valerie vanessa vera "
    "veronica victoria violet virginia wendy yasmin yuki zara zoe mother mom mum mama grandmother grandma granny "
    "aunt sister daughter wife queen princess lady madam mrs ms miss girl woman waitress actress witch nun "
    "hostess duchess countess her she"
)
_MALE = word_set(
    "aaron abe abel abraham adam adrian ahmed al alan albert alec alex alexander alfred ali amir andre andrew "
    "andy anthony antonio arthur ben benjamin bernard bill bob boris brad brian bruce carl carlos charles charlie "
    "chris christian christopher clark colin craig dan daniel dave david dean dennis diego dmitri donald doug "
    "douglas ed eddie edgar edmund edward eli elias emil eric erik ethan eugene evan felix finn francis frank "
    "fred frederick gabriel gary gavin george gerald gilbert giorgi giovanni glenn gordon graham greg gregory guy "
    "hank hans harold harry harvey hassan hector henry herbert hugh hugo ian igor isaac ivan jack jacob jaime "
    "jake james jamie jason jay jean-luc jeff jeremy jerome jesse jim jimmy joe joel john johnny jonas jonathan "
    "jordan jorge jose joseph josh joshua juan julian karl keith ken kenneth kevin kurt lars larry lee leo leon "
    "leonard levi lewis liam lorenzo louis luca lucas luis luke marc marcel marco marcus mario mark martin marvin "
    "matt matteo matthew max michael miguel mike milo mohammed moses nathan neil nicholas nick nico noah norman "
    "oliver omar oscar otto owen pablo pascal patrick paul pedro peter phil philip pierre quentin rafael ralph "
    "randy ray raymond rex ricardo richard rick rob robert roberto robin rodney roger roland ron ronald ross roy "
    "russell ryan sam samuel santiago scott sean sebastian sergio seth simon spencer stan stanley stefan stephen "
    "steve steven ted theo theodore thomas tim timothy toby todd tom tommy tony tyler victor vincent walter "
    "warren wayne william will wolfgang xavier yusuf zach zachary father dad papa grandfather grandpa uncle "
    "brother son husband king prince lord sir mr boy man waiter actor wizard monk host duke count captain "
    "sergeant colonel his he"
)


def gender_of(name: str) -> str:
    """`female`, `male`, or empty for a name that could be anybody's."""
    for word in name.lower().replace(".", " ").split():
        if word in _FEMALE:
            return "female"
        if word in _MALE:
            return "male"
    return ""


def suggested(voices: VoiceList, names: Iterable[str], language: str, taken: Iterable[str] = ()) -> Mapping[str, str]:
    """Speaker → a voice of the script's language that no other speaker has, as long as there are enough.

    One that bears the speaker's name comes first, then one of his gender; voices that could speak at once before
    those that need a model; own voices only for whom they are named after. `taken`: voices of speakers who have one.
    """
    able = [one for one in voices.offered if not _tag_differs(one.language, language)] or voices.offered
    used = set(taken)
    found: dict[str, str] = {}
    turn = 0
    for name in names:
        gender = gender_of(name) or ("female", "male")[turn % 2]
        turn += not gender_of(name)
        best = min(able, key=lambda voice: _rank(voices, voice, name, gender, used), default=None)
        if best is not None:
            found[name] = best.id
            used.add(best.id)
    return found


def _rank(voices: VoiceList, voice: "Voice", name: str, gender: str, used: set[str]) -> tuple[bool, ...]:
    engine = voices.engines[voice.engine]
    named, own = voice.name.casefold() in name.casefold().split(), voice.id in voices.own
    return (
        engine.capabilities.remote,  # nothing is sent out, and nothing costs, unless somebody asks for it
        own and not named,  # a person's voice says what it is asked to
        voice.id in used,
        not engine.models,  # a tone
        not voices.fetched(voice.id),
        not named,
        not own,
        voice.gender != gender,
        engine.capabilities.instant,
    )


def _tag_differs(one: str, other: str) -> bool:
    return one.split("-")[0] != other.split("-")[0]
