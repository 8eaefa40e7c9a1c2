"""The made-up students of the demo's two classes, in register order, and how their drawn portraits look."""

from dataclasses import dataclass

from core.demo.features import BOYS_TOPS, GIRLS_TOPS, GenderWord, Skin, Top


@dataclass(frozen=True)
class Pupil:
    """One line of a class list. `gender` is what the school recorded; `has_portrait` at the first start."""

    full_name: str
    gender: GenderWord | None
    skin: Skin
    tops: tuple[Top, ...]
    preferred_name: str | None = None
    has_portrait: bool = True


def _girl(full_name: str, skin: Skin, top: Top | None = None, *, called: str | None = None) -> Pupil:
    return Pupil(full_name, "female", skin, (top,) if top else _UNCOVERED_GIRLS, called)


def _boy(full_name: str, skin: Skin, top: Top | None = None, *, called: str | None = None) -> Pupil:
    return Pupil(full_name, "male", skin, (top,) if top else _UNCOVERED_BOYS, called)


def _without(pupil: Pupil) -> Pupil:
    """Nobody made a portrait yet."""
    return Pupil(pupil.full_name, pupil.gender, pupil.skin, pupil.tops, pupil.preferred_name, has_portrait=False)


def _unrecorded(pupil: Pupil) -> Pupil:
    """The school did not record a gender; the look was chosen all the same."""
    return Pupil(pupil.full_name, None, pupil.skin, pupil.tops, pupil.preferred_name, pupil.has_portrait)


# A head covering is somebody's own choice, so chance never gives one.
_UNCOVERED_GIRLS = tuple(top for top in GIRLS_TOPS if top is not Top.HIJAB)
_UNCOVERED_BOYS = tuple(top for top in BOYS_TOPS if top is not Top.TURBAN)

P5_INTEGRITY = (
    _girl("Aaliyah Nur binte Hamzah", Skin.CARAMEL, Top.HIJAB),
    _boy("Aarav Pillai", Skin.CHESTNUT),
    _girl("Amelia Tan Xin Yi", Skin.PEACH, Top.BUN, called="Amelia"),
    _without(_boy("Arjun s/o Ramasamy", Skin.COCOA)),
    _boy("Benjamin Koh Jun Wei", Skin.PEACH, Top.CROP, called="Ben"),
    _without(_unrecorded(_boy("Chew Kai Xuan", Skin.PORCELAIN))),
    _girl("Chloe Ng Hui Min", Skin.PEACH, Top.LONG_STRAIGHT, called="Chloe"),
    _boy("D'Souza, Ryan Emmanuel", Skin.HONEY, Top.SHORT_WAVED, called="Ryan"),
    _without(_girl("Devi d/o Krishnan", Skin.CHESTNUT)),
    _boy("Ethan Lim Zhi Hao", Skin.PEACH, called="Ethan"),
    _boy("Farhan Iskandar bin Yusof", Skin.CARAMEL),
    _girl("Goh Li Ting Kayla", Skin.PORCELAIN, called="Kayla"),
    _boy("Harpreet Singh Gill", Skin.CHESTNUT, Top.TURBAN),
    _without(_boy("Ho Wei Jie", Skin.PEACH)),
    _girl("Isabelle Marie De Rozario", Skin.HONEY, Top.CURLY_BOB, called="Isabelle"),
    _boy("Jayden Lee Kai Jie", Skin.PEACH, Top.SIDE_PARTING, called="Jayden"),
    _without(_girl("Kavya Suresh", Skin.CHESTNUT)),
    _girl("Kim Seo-yeon", Skin.PORCELAIN, Top.FRINGED_BOB),
    _girl("Leong Yu Xuan Ashley", Skin.PEACH, called="Ashley"),
    _girl("Maria Angelica Dela Peña-Reyes", Skin.HONEY, Top.SHOULDER_LENGTH, called="Angel"),
    _without(_boy("Muhammad Danish Irfan bin Abdul Rahman", Skin.CARAMEL, called="Danish")),
    _girl("Natasha Wong Shu En", Skin.PEACH, Top.BOB, called="Natasha"),
    _girl("Nurul Aisyah binte Rahman", Skin.CARAMEL, Top.HIJAB),
    _boy("Ong Jun Kai", Skin.PEACH),
    _without(_girl("Phua Si Qi", Skin.PORCELAIN)),
    _girl("Priya Nair", Skin.CHESTNUT, Top.PLAITS),
    _boy("Ravi s/o Kumar", Skin.COCOA, Top.SHORT_CURLY),
    _without(_unrecorded(_boy("Rui Kang", Skin.PEACH))),
    _girl("Siti Khadijah binte Mohamed Salleh", Skin.HONEY, Top.HIJAB, called="Khadijah"),
    _girl("Sri Lakshmi Narayanan d/o Venkatesan", Skin.CHESTNUT, Top.PLAITS, called="Lakshmi"),
    _without(_girl("Suhana", Skin.CARAMEL)),
    _unrecorded(_boy("Tan Wei Ming Marcus", Skin.PEACH, Top.SHORT_FLAT, called="Marcus")),
    _without(_unrecorded(_girl("Teo Xuan Rui", Skin.PORCELAIN))),
    _without(_boy("Thant Zin Oo", Skin.HONEY)),
    _without(_boy("Wang Zixuan", Skin.PORCELAIN)),
    _girl("Yeo Zhi Ying Charlotte", Skin.PEACH, Top.LONG_FRINGED, called="Charlotte"),
)

P4_COURAGE = (
    _boy("Adam Haziq bin Zulkifli", Skin.CARAMEL),
    _girl("Anjali Menon", Skin.CHESTNUT),
    _without(_boy("Aung Kyaw Min", Skin.HONEY)),
    _girl("Beatrice Pereira", Skin.HONEY, Top.SHOULDER_LENGTH),
    _girl("Chan Yi Xin", Skin.PORCELAIN),
    _boy("Chua Zheng Yang", Skin.PEACH),
    _without(_girl("Dhivya a/p Selvaraj", Skin.COCOA)),
    _boy("Elijah Fernandez", Skin.HONEY, called="Eli"),
    _girl("Fatin Nabilah binte Roslan", Skin.CARAMEL, Top.HIJAB),
    _without(_unrecorded(_girl("Foo Xin Le", Skin.PEACH))),
    _boy("Gabriel Sim Wen Bin", Skin.PEACH, called="Gabriel"),
    _boy("Hafiz Rayyan bin Mohd Shahril", Skin.CARAMEL, Top.BUZZ_CUT),
    _boy("Inoue Haruto", Skin.PORCELAIN, Top.SHORT_ROUND),
    _girl("Jasmine Quek Rui En", Skin.PEACH, called="Jasmine"),
    _without(_boy("Karthik a/l Muniandy", Skin.COCOA)),
    _unrecorded(_boy("Koh Jia Le", Skin.PEACH)),
    _girl("Lim Yu Tong", Skin.PORCELAIN),
    _without(_girl("Low Shi Hui Megan", Skin.PEACH, called="Megan")),
    _boy("M. Thirunavukkarasu", Skin.COCOA, Top.SHORT_CURLY, called="Arasu"),
    _girl("Nguyễn Gia Hân", Skin.PEACH, Top.LONG_STRAIGHT),
    _girl("Noor Insyirah binte Mohamed Faizal", Skin.HONEY, called="Insyirah"),
    _without(_boy("Ong Zhi Xuan Bryan", Skin.PEACH, called="Bryan")),
    _girl("Putri Ayu Lestari", Skin.CARAMEL, Top.BUN),
    _girl("Raeesa Banu binte Abdul Kader", Skin.CHESTNUT, Top.HIJAB),
    _without(_boy("Santiago José Villanueva", Skin.HONEY, called="Santi")),
    _without(_boy("Seah Kai Wen", Skin.PORCELAIN)),
    _girl("Simran Kaur", Skin.CHESTNUT, Top.PLAITS),
    _without(_girl("Sofea Danielle binte Hairul Nizam", Skin.CARAMEL, called="Sofea")),
    _boy("Tay Jun Hao", Skin.PEACH, Top.SIDE_PARTING),
    _without(_boy("Vikram Iyer", Skin.CHESTNUT)),
    _girl("Zara Alexandra van der Straaten", Skin.PEACH, Top.CURLY_BOB, called="Zara"),
)

# Those whom the records single out.
NO_PORTRAIT_ALLOWED = "Phua Si Qi"
JOINED_LAST_WEEK = "Rui Kang"
REFUSED_BY_FILTER = "Devi d/o Krishnan"
NO_ANSWER_CAME = "Ho Wei Jie"
