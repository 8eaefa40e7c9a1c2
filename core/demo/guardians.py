"""The made-up guardians of the demo's students; a student's first one is asked first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Relative:
    """A guardian as the school's record has them."""

    full_name: str
    relationship: str
    language: str


def _mother(full_name: str, language: str = "English") -> Relative:
    return Relative(full_name, "mother", language)


def _father(full_name: str, language: str = "English") -> Relative:
    return Relative(full_name, "father", language)


def _carer(full_name: str, relationship: str, language: str = "English") -> Relative:
    return Relative(full_name, relationship, language)


GUARDIANS: dict[str, tuple[Relative, ...]] = {
    # P5 Integrity
    "Aaliyah Nur binte Hamzah": (_father("Hamzah bin Osman", "Malay"), _mother("Rosnah binte Jaafar", "Malay")),
    "Aarav Pillai": (_mother("Meera Pillai"), _father("Sanjay Pillai")),
    "Amelia Tan Xin Yi": (_mother("Lau Pei Shan"), _father("Tan Kok Leong", "Chinese")),
    "Arjun s/o Ramasamy": (_father("Ramasamy s/o Govindan", "Tamil"),),
    "Benjamin Koh Jun Wei": (_father("Koh Boon Teck"), _mother("Yap Su Lin")),
    "Chew Kai Xuan": (_carer("Chew Ah Moi", "grandmother", "Chinese"), _father("Chew Wei Siong", "Chinese")),
    "Chloe Ng Hui Min": (_mother("Chong Li Peng"),),
    "D'Souza, Ryan Emmanuel": (_mother("D'Souza, Marianne"), _father("D'Souza, Terence Paul")),
    "Devi d/o Krishnan": (_mother("Letchumi d/o Arumugam", "Tamil"),),
    "Ethan Lim Zhi Hao": (_father("Lim Chee Wah"), _mother("Soh Bee Geok", "Chinese")),
    "Farhan Iskandar bin Yusof": (_mother("Zaiton binte Kassim", "Malay"),),
    "Goh Li Ting Kayla": (_mother("Seow Hwee Ling"),),
    "Harpreet Singh Gill": (_father("Balwinder Singh Gill"), _mother("Manjit Kaur")),
    "Ho Wei Jie": (_mother("Zhang Meifang", "Chinese"),),
    "Isabelle Marie De Rozario": (_mother("De Rozario, Anne Therese"),),
    "Jayden Lee Kai Jie": (_father("Lee Yong Seng"), _mother("Pang Mui Choo", "Chinese")),
    "Kavya Suresh": (_father("Suresh Raghavan"), _mother("Lalitha Suresh", "Tamil")),
    "Kim Seo-yeon": (_mother("Choi Eun-ji", "Korean"),),
    "Leong Yu Xuan Ashley": (_father("Leong Kwok Keong"),),
    "Maria Angelica Dela Peña-Reyes": (_mother("Rowena Dela Peña-Reyes", "Filipino"),),
    "Muhammad Danish Irfan bin Abdul Rahman": (
        _mother("Noraini binte Hassan", "Malay"),
        _father("Abdul Rahman bin Idris", "Malay"),
    ),
    "Natasha Wong Shu En": (_mother("Cheong Wai Yee"),),
    "Nurul Aisyah binte Rahman": (_father("Rahman bin Ali", "Malay"), _mother("Suriani binte Bakar", "Malay")),
    "Ong Jun Kai": (_carer("Ong Siew Eng", "aunt", "Chinese"),),
    "Phua Si Qi": (_mother("Hoon Lay Kuan", "Chinese"),),
    "Priya Nair": (_mother("Radhika Nair"), _father("Unnikrishnan Nair")),
    "Ravi s/o Kumar": (_father("Kumar s/o Perumal", "Tamil"),),
    "Rui Kang": (_mother("Sun Yanli", "Chinese"),),
    "Siti Khadijah binte Mohamed Salleh": (_mother("Hasnah binte Ismail", "Malay"),),
    "Sri Lakshmi Narayanan d/o Venkatesan": (_father("Venkatesan Narayanan", "Tamil"), _mother("Gayathri Venkatesan")),
    "Suhana": (_father("Iqbal"),),
    "Tan Wei Ming Marcus": (_mother("Lee Siew Hong", "Chinese"), _father("Tan Hock Beng", "Chinese")),
    "Teo Xuan Rui": (_father("Teo Eng Huat", "Chinese"),),
    "Thant Zin Oo": (_mother("Khin Sandar Win", "Burmese"),),
    "Wang Zixuan": (_mother("Guo Xiaoyan", "Chinese"), _father("Wang Jianguo", "Chinese")),
    "Yeo Zhi Ying Charlotte": (_mother("Neo Sock Hoon"),),
    # P4 Courage
    "Adam Haziq bin Zulkifli": (_mother("Azlina binte Yahya", "Malay"),),
    "Anjali Menon": (_mother("Sreeja Menon"),),
    "Aung Kyaw Min": (_father("Aung Thura", "Burmese"),),
    "Beatrice Pereira": (_mother("Pereira, Colette Ann"),),
    "Chan Yi Xin": (_mother("Mok Sui Fong", "Chinese"),),
    "Chua Zheng Yang": (_father("Chua Teck Soon"),),
    "Dhivya a/p Selvaraj": (_mother("Kamala a/p Muthu", "Tamil"),),
    "Elijah Fernandez": (_father("Fernandez, Adrian Luke"),),
    "Fatin Nabilah binte Roslan": (_mother("Norhayati binte Sulaiman", "Malay"),),
    "Foo Xin Le": (_mother("Tham Yoke Lan"),),
    "Gabriel Sim Wen Bin": (_father("Sim Choon Hock"),),
    "Hafiz Rayyan bin Mohd Shahril": (_father("Mohd Shahril bin Samad", "Malay"),),
    "Inoue Haruto": (_mother("Inoue Sayaka", "Japanese"),),
    "Jasmine Quek Rui En": (_mother("Poh Ai Lian"),),
    "Karthik a/l Muniandy": (_carer("Sarasvathy a/p Ramu", "grandmother", "Tamil"),),
    "Koh Jia Le": (_father("Koh Swee Kiat", "Chinese"),),
    "Lim Yu Tong": (_mother("Aw Geok Choo", "Chinese"),),
    "Low Shi Hui Megan": (_mother("Kwek Shu Fen"),),
    "M. Thirunavukkarasu": (_father("R. Manickam", "Tamil"),),
    "Nguyễn Gia Hân": (_mother("Trần Thị Bích Ngọc", "Vietnamese"),),
    "Noor Insyirah binte Mohamed Faizal": (_father("Mohamed Faizal bin Daud", "Malay"),),
    "Ong Zhi Xuan Bryan": (_mother("Ang Chai Hoon"),),
    "Putri Ayu Lestari": (_mother("Dewi Anggraini", "Indonesian"),),
    "Raeesa Banu binte Abdul Kader": (_father("Abdul Kader s/o Sheik Mydin", "Tamil"),),
    "Santiago José Villanueva": (_mother("Cristina Villanueva", "Filipino"),),
    "Seah Kai Wen": (_father("Seah Tian Poh"),),
    "Simran Kaur": (_mother("Jaspreet Kaur"),),
    "Sofea Danielle binte Hairul Nizam": (_mother("Linda binte Omar", "Malay"),),
    "Tay Jun Hao": (_father("Tay Ming Hui", "Chinese"),),
    "Vikram Iyer": (_mother("Padma Iyer"),),
    "Zara Alexandra van der Straaten": (_father("van der Straaten, Marc"),),
}
