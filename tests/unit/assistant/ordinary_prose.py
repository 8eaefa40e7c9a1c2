"""English in which words stand that people are also called, and nobody is meant."""

from pydoc_data.topics import topics

TEACHERS = """
May I remind you that the mathematics exam is in May? It may rain on 12 May, so we may move sports day to the end of
May. May we use the hall? The May holidays are short. From the middle of May until June the library is open late.
Will you mark the books tonight? They will be marked by Friday. Will the class need tan shoes? Will there be a bus?
Will this be on the test? She has a strong will, and where there is a will there is a way.
Mark the scripts in red. Please mark these first, and mark them strictly. Mark schemes are in the folder. Full marks
for a tidy page; a mark is lost for each slip. Mark my words. On your marks, get set, go.
Grace under pressure is a rare grace. Grace periods end on Monday. Say grace before the meal, and lose with grace.
There is a grace period of three days for late work.
Hope you are well. Hope this helps. We hope that many come, and hope is a good thing. I hope to see you soon.
Faith in a child works wonders. Have faith, and keep the faith. They acted in good faith.
Joy in reading comes first. It is a joy to teach this class, and there was joy all round.
Tan shoes and tan trousers go with white shirts. A tan fades. Tan lines are funny. The sun gave us a tan.
A rose is a rose. The sun rose at seven. The price rose, and so did the number of pupils who rose to the challenge.
An amber light means wait. The young should rest. Young people sleep too little, and young readers like short chapters.
Soon the bell rings. We will soon see. Soon we leave for camp. See you at noon. See the notes on page 4. As you see, it
is not hard. So the plan is to win the match. Long division is hard. Long ago there was a king. How long will it take?
He is right. She is, too. He reads, and so do I. In short, an angel would lose patience. Patience is needed.
On Monday we sing a song. Song of the week: the anthem. It is not too late, and not too low a score. Low scores need
a kind word. The lee side of the hill is dry. A chance of rain. Chance would be a fine thing. No chance at all.
The children chew their pencils, win some, lose some, and lay the table. A sock is lost. The yoke of the ox is heavy.
Bees make honey; a bee stings once. A boon for all. The art room is open. Put the pan on the hob, and the bun in a bag.
The king and the queen had a ball. Ten minutes are left. It costs ten dollars. Do the corrections. To do so is wise.
Min and max are functions. It takes 5 min. Ah well, so it goes. Oh no, it is raining. An hour in the sun is enough.
We ran the mile. The ray of light bends. Draw a ray from the point. A mason lays bricks, and a cooper makes barrels.
Pick a lily, a daisy chain or a sprig of hazel if you can. April showers bring flowers. We met last June, and again in
August. The August holidays. June is hot. Dear parents, the hall is full. Kind regards. Thank you for your patience.
"""


TIMES = 4
CODE = " " * 6


def ordinary_prose() -> str:
    """Some 40,000 words: a manual without its examples, and the sentences above several times among it."""
    lines = [line for topic in topics.values() for line in topic.splitlines() if not line.startswith(CODE)]
    many = len(lines) // TIMES
    return "\n\n".join("\n".join([TEACHERS, *lines[place * many : (place + 1) * many]]) for place in range(TIMES))
