"""What a teacher says in plain words, and what only sounds like it."""

import pytest

from core.assistant.commands import Name, Request
from core.assistant.intents import recognise

PTM = {
    "help me prepare for the parent teacher meeting": "",
    "Help me prepare for the parent-teacher meeting": "",
    "prepare the parent–teacher meetings": "",
    "help me get ready for the PTM": "",
    "PTM next week, what do I need?": "",
    "ptm": "",
    "I have PTM tomorrow": "",
    "prep for PTC": "",
    "help with the parents-teacher conference": "",
    "parent teacher conference prep": "",
    "Prepare for parent/teacher conferences": "",
    "notes for the parents' meeting": "",
    "parents evening prep please": "",
    "help me prepare for a meeting with parents": "",
    "I'm meeting the parents on Friday": "",
    "I am meeting parents tomorrow, help me prepare": "",
    "get me ready to meet the parents of Nurul Aisyah": "Nurul Aisyah",
    "prepare the meeting with Ana Lim's parents": "Ana Lim",
    "help me prepare for Ana's PTM": "Ana",
    "I'm seeing Marcus's mother on Monday": "Marcus",
    "PTM for P5 Integrity": "P5 Integrity",
    "Help me plan the PTM of 5 Integrity": "5 Integrity",
    "brief me for the conference with his guardian": "",
    "what should I say to the parents?": "",
    "talking points for the parents of Bala s/o Kumar": "Bala s/o Kumar",
    "His mother is coming, help": "",
    "prepare me for the appointment with Rui Kang's father": "Rui Kang",
}
PROGRESS = {
    "how is Ana doing?": "Ana",
    "How is Nurul Aisyah doing in mathematics?": "Nurul Aisyah",
    "how's Marcus getting on": "Marcus",
    "How’s Bala s/o Kumar coming along?": "Bala s/o Kumar",
    "how has Ana been doing this term": "Ana",
    "how has Ana been lately?": "Ana",
    "how are the boys in P5 Integrity doing": "the boys in P5 Integrity",
    "How is P5 Integrity doing in science?": "P5 Integrity",
    "so how is Wei Ming progressing": "Wei Ming",
    "how is my class doing?": "my class",
    "show me the progress of Suhana": "Suhana",
    "Give me an update on Rui Kang": "Rui Kang",
    "tell me the summary for Ana Lim": "Ana Lim",
    "progress of 4 Respect": "4 Respect",
    "update on Devi": "Devi",
    "is Ana improving?": "Ana",
    "Is Marcus keeping up in English?": "Marcus",
    "are P5 Integrity on track": "P5 Integrity",
    "where does 4 Respect stand in mathematics?": "4 Respect",
    "what is Ana's progress this term?": "Ana",
    "can you tell me how Kavya is doing": "Kavya",
}
LESSON = {
    "plan a lesson on fractions": "fractions",
    "Plan a lesson about photosynthesis for P5": "photosynthesis for P5",
    "prepare a 60-minute lesson on unlike fractions": "unlike fractions",
    "create a maths lesson plan for Primary 5 on decimals": "Primary 5 on decimals",
    "Make me a lesson plan on the water cycle.": "the water cycle",
    "design an engaging lesson around persuasive writing": "persuasive writing",
    "write a lesson plan about adverbs": "adverbs",
    "lesson plan on electricity": "electricity",
    "lesson ideas for situational writing": "situational writing",
    "Lesson outline: ratio, Primary 6": "ratio, Primary 6",
    "how do I teach long division?": "long division",
    "How can I teach fractions to P4": "fractions to P4",
    "help me teach synthesis and transformation": "synthesis and transformation",
    "ideas for teaching oral communication": "oral communication",
    "ideas how to teach map reading": "map reading",
    "suggest a science lesson on magnets": "magnets",
    "outline two lessons on poetry": "poetry",
    "draft a lesson for Sec 2 on density": "Sec 2 on density",
}
NEAR_MISSES = (
    "When is the PTM?",
    "what is a PTC",
    "Where is the parent teacher meeting?",
    "What time does the parents' evening start?",
    "write an e-mail to parents about the PTM",
    "Draft a letter inviting the parents to the meeting",
    "reschedule the PTM of 5 Integrity",
    "cancel the meeting with Ana's parents",
    "the PTM is over, thank you",
    "How long is a parent teacher conference?",
    "who invented parent teacher conferences",
    "translate this message for the parents' meeting",
    "make a poster for the parents' evening",
    "agenda for the parent volunteers meeting",
    "What does PTM mean?",
    "The PTM was tiring",
    "parking at the PTM venue",
    "prepare for the staff meeting",
    "help me prepare for the meeting with the principal",
    "meeting with my head of department at three",
    "The teachers meet on Tuesday",
    "a meeting of teachers",
    "parents are asking about homework",
    "Parents Gateway is down",
    "tell the parents about the trip",
    "conference on education technology",
    "my parents live in Ipoh",
    "write to Ana's mother",
    "how is the weather",
    "how is the weather doing",
    "how is it going?",
    "how is my day going so far",
    "how are you doing?",
    "How are things coming along?",
    "How is everything getting on",
    "how is photosynthesis explained",
    "how is a percentage worked out?",
    "how do I mark attendance",
    "how does the limit work",
    "how many students are doing well?",
    "progress bar in Excel",
    "what is progress",
    "Is it improving?",
    "are you on track",
    "where do I stand in the queue at the canteen",
    "where is the staffroom?",
    "show me the door",
    "give me a summary of the PSLE format in three points, please",
    "update the class list",
    "the lesson was cancelled",
    "I learned my lesson",
    "that will teach him a lesson",
    "private lessons for my son",
    "my lesson observation is on Friday",
    "swap my lesson on Friday",
    "who takes the relief lesson for P4?",
    "piano lesson fees",
    "plan a trip to the zoo",
    "plan the sports day",
    "prepare a quiz on fractions",
    "explain fractions",
    "teach",
    "I teach mathematics",
    "what did we do in the last lesson?",
    "Thank you!",
    "write a short poem about the sea",
    "suggest a class party theme",
    "ideas for Children's Day",
    "make a seating plan",
)


@pytest.mark.parametrize(("said", "about"), PTM.items())
def test_a_meeting_with_parents(said: str, about: str) -> None:
    assert recognise(said) == Request(Name.PTM, about)


@pytest.mark.parametrize(("said", "about"), PROGRESS.items())
def test_how_somebody_is_doing(said: str, about: str) -> None:
    assert recognise(said) == Request(Name.PROGRESS, about)


@pytest.mark.parametrize(("said", "about"), LESSON.items())
def test_a_lesson(said: str, about: str) -> None:
    assert recognise(said) == Request(Name.LESSON, about)


@pytest.mark.parametrize("said", NEAR_MISSES)
def test_what_only_sounds_like_it(said: str) -> None:
    assert recognise(said) is None


def test_half_of_the_phrases_are_near_misses() -> None:
    meant = len(PTM) + len(PROGRESS) + len(LESSON)

    assert meant + len(NEAR_MISSES) >= 120
    assert len(NEAR_MISSES) >= meant
