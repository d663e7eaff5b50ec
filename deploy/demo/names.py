"""The short lists that names are made of. Combined by chance; nobody in particular is meant."""

import unicodedata


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


GIVEN = _words(
    "Abena Adaeze Aiko Alasdair Aleksandra Alma Amal Amina Anders Anjali Anouk Arash Astrid Aylin",
    "Beatriz Bogdan Brigid Camila Carys Chidi Chloé Dagny Dalisay Damir Daniela Dariusz Delphine Devika",
    "Ebru Eero Eilidh Elias Emeka Esperanza Fatima Fergus Finola Florian Freya Gita Gustavo Hana",
    "Harpreet Hassan Hedda Henrik Imani Ines Ioana Ishaan Ivana Jarek Jasleen Jun Kamala Keiko Khadija",
    "Kofi Kwame Lamar Laszlo Leilani Leocadia Linh Ludmila Łucja Maarit Mahsa Malik Marisol Mateo Mei",
    "Mireille Nadia Naveen Ngozi Nikolai Odalys Omar Oona Parisa Petra Priya Quentin Rafael Ragnhild",
    "Renée Rosalind Rukmini Saoirse Selam Sigrid Solveig Tamsin Tariq Teodora Thandiwe Tomasz Ulla",
    "Valentina Wanjiru Wren Xiomara Yara Yusuf Zdenka Zoë Zuleika",
)

FAMILY = _words(
    "Abernethy Achterberg Adeyemi Almquist Anand Arsenault Aziz Bakker Banerjee Barrientos Bjornstad",
    "Boateng Bouchard Brankovic Castellanos Cheung Chukwu Colquhoun Dalgaard Danso Deschamps Dhaliwal",
    "Dimitrov Drummond Eberhart Echeverria Ekwueme Eriksdottir Farrokhi Fenwick Fiorentino Fontaine",
    "Galbraith Gebre Ghorbani Gill Grabowski Gunnarsson Haddad Halvorsen Hashimoto Hernandez Hofstra",
    "Hollingworth Ibarra Ilves Iyer Jaramillo Jankowska Kaplan Kariuki Kavanagh Kowalczyk Krishnan",
    "Kuznetsova Lachance Lavallée Lindqvist Llewellyn Macalintal Maguire Mahmoudi Makonnen Marchetti",
    "Mbeki Mistry Mukherjee Nakagawa Navarro Nguyen Nørgaard Novak Nwosu O'Hearn Obradovic Odhiambo",
    "Okonkwo Olafsen Osei Ouellette Pacheco Paquette Parmar Pereira Petrenko Pham Quiroga Rahimi",
    "Ramachandran Rasmussen Ravndal Sandoval Santos Sedgwick Shimizu Sobczak Stavros Szabo Tachibana",
    "Tadesse Takeda Tesfaye Thibodeau Tremblay Ueda Valdivia Vandermeer Villanueva Wachira Waskiewicz",
    "Wolanski Yamashita Yilmaz Zhuravel Zielinski",
)

LAND = _words(
    "Alder Antler Aspen Beaver Birch Cedar Chinook Coulee Cottonwood Crocus Foothill Foxglove Goldeneye",
    "Juniper Larch Lodgepole Meadow Prairie Saskatoon Spruce Tamarack Willow",
)

FEATURE = _words("Bend Bluff Creek Crossing Flats Grove Heights Hollow Landing Lake Ridge Springs")

_LETTERS_WITHOUT_A_PLAIN_PART = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "'": "", " ": "-"})


def plain(name: str) -> str:
    """`name` in the letters of a mail address or a key: small, ASCII, hyphens for spaces."""
    spelled = name.lower().translate(_LETTERS_WITHOUT_A_PLAIN_PART)
    decomposed = unicodedata.normalize("NFKD", spelled)
    return "".join(letter for letter in decomposed if letter.isascii())
