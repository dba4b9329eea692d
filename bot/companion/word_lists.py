"""English words by which the names of people are told from other words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words("de da di du del della der den van von la le bin ibn al of")
TITLES = _words(
    "mr mrs ms miss mx dr doctor sir dame lady lord madam master mistress captain colonel major "
    "general admiral commander lieutenant sergeant corporal private inspector constable officer "
    "detective sheriff judge father mother sister brother aunt auntie uncle grandfather "
    "grandmother granny grandpa grandma great-aunt great-uncle cousin professor councillor mayor "
    "president minister senator alderman king queen prince princess duke duchess earl count "
    "countess baron baroness saint reverend bishop herr frau monsieur madame mademoiselle señor "
    "señora don doña the"
)
PLACES = _words(
    "street road avenue lane square park pier palace hall house hotel inn castle church "
    "cathedral school university college office committee council station bridge river lake sea "
    "ocean bay island islands hill mountain mountains valley forest wood woods city town county "
    "centre center museum library market tower gate court place building room pub café cafe "
    "theatre theater army company police university north south east west"
)
NEVER = _words(
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december christmas easter halloween god english "
    "french german spanish italian russian american british chinese japanese irish scottish welsh "
    "yes no oh ah well hey hello hi ok okay please thanks sorry good bye goodbye now then so but "
    "and or if when while what who why how where which that this these those there here he she it "
    "we you they his her its our your their my me him us them a an in on at to from of for with "
    "by as is was are were be been do did does have has had not never all some any every each one "
    "two three four five six seven eight nine ten chapter part prologue epilogue today tomorrow "
    "yesterday tonight maybe perhaps just only even after before once suddenly mr mrs ms mx "
    "dr"
)
SPEECH = _words(
    "said says say asked asks whispered replied answered shouted yelled cried called muttered "
    "murmured told tells agreed explained added snapped sighed laughed grinned nodded smiled "
    "chided insisted commented repeated demanded growled hissed screamed admitted began continued "
    "interrupted pointed suggested warned promised announced declared observed remarked"
)
DEEDS = _words(
    "got took went came sat stood shook gave held put made thought knew saw heard felt ran threw "
    "fell kept let read wrote spoke drew led met had did could would should must might rose bent "
    "drank ate slept woke wore broke caught brought bought lost left found meant paid"
)
KIN = _words(
    "aunt great-aunt uncle brother sister mother father cousin friend son daughter wife husband "
    "grandfather grandmother named called"
)
AT = _words("in at into near across through throughout outside inside around via")
TOWARDS = _words("to from on")
