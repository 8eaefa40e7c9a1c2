"""Answers such as a model gives, and any others put together from the same kinds of blocks."""

from hypothesis import strategies as st

ANSWER = """### Preparing for Mrs Tan

**Attendance.** Wei Jie was present on 92 % of days this term, the class on 96 % [r1]. Six of the seven absences fell \
on a *Monday*: ask how mornings go at home [r7].

#### What went well

- **Mathematics** rose from 54 to 61 [r1]; the gain is in algebra, see `WA2`.
- English stays at 70 [r7], with *careful* work in comprehension:
  - strong: inference
  - thin: the August essay
- Science: no data.

1. Begin with the essay he chose himself.
2. Then ask:

   > How do mornings go at home?

3. Agree on **one** step, e.g. the remedial lesson at 14:30 ($5 a term).

| Subject | WA1 | WA2 |
|:--------|----:|----:|
| Mathematics | 54 | 61 [r1] |
| English | 70 | 70 |

```
Dear Mrs Tan,
    thank you for coming.
```

More at [the ministry's page](https://www.moe.gov.sg/) or from office@school.example.

---

华杰的出席率是 **92 %** [r1]，请问早上怎么样？谢谢。
"""

LONG_LIST = "".join(
    f"{number}. **Student {number}**: attendance {100 - number} % [r1], mathematics rose; ask about the essay.\n"
    for number in range(1, 41)
)

_WORDS = st.lists(
    st.sampled_from(
        ["the", "class", "**rose fast**", "*a lot*", "`WA2`", "[r1]", "[r9]", "5 %", "at 10:30", "(a)", "华语"]
    ),
    min_size=1,
    max_size=12,
).map(lambda words: " ".join(["so", *words]))
_ITEMS = st.lists(_WORDS, min_size=1, max_size=40)
_BULLETS = _ITEMS.map(lambda items: "\n".join(f"- {item}" for item in items))
_NESTED = _ITEMS.map(lambda items: "\n".join(f"- {item}\n  - inner {item}" for item in items))
_NUMBERED = _ITEMS.map(lambda items: "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1)))
_TABLE = _ITEMS.map(lambda items: "| a | b |\n|---|---|\n" + "\n".join(f"| {item} | x |" for item in items))
_CODE = _ITEMS.map(lambda items: "```\n" + "\n".join(items) + "\n```")
_HEADING = _WORDS.map(lambda words: f"## {words}")
_QUOTATION = _WORDS.map(lambda words: f"> {words}")

ANSWERS = st.lists(
    st.one_of(_WORDS, _BULLETS, _NESTED, _NUMBERED, _TABLE, _CODE, _HEADING, _QUOTATION), min_size=1, max_size=6
).map("\n\n".join)
