"""English words whose forms no stemmer brings together. Those that are as often a form of
another word, or one of their own (left, found, saw, lives), are left out."""

import Stemmer

_FORMS = """
be is am are was were been; have has had; do does did done; go goes went gone; say said
become became; begin began begun; bend bent; bite bit bitten; bleed bled; blow blew blown
break broke broken; breed bred; bring brought; build built; buy bought; catch caught
choose chose chosen; cling clung; come came; creep crept; deal dealt; dig dug; draw drew drawn
dream dreamt; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed
fight fought; flee fled; fling flung; fly flew flown; forget forgot forgotten
forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given; grow grew grown
hear heard; hide hid hidden; hold held; keep kept; kneel knelt; know knew known; lead led
leap leapt; learn learnt; lend lent; lose lost; make made; mean meant; meet met
pay paid; ride rode ridden; ring rang rung; run ran
see seen; seek sought; sell sold; send sent; shake shook shaken; shine shone
shoot shot; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid
speak spoke spoken; spend spent; spin spun; spring sprang sprung; stand stood; steal stole stolen
stick stuck; sting stung; stride strode; strike struck; swear swore sworn; sweep swept
swell swollen; swim swam swum; swing swung; take took taken; teach taught; tear tore torn
tell told; think thought; throw threw thrown; understand understood; wake woke woken
wear wore worn; weave wove woven; weep wept; win won; write wrote written
man men; woman women; child children; foot feet; tooth teeth; goose geese; mouse mice
wolf wolves; knife knives; wife wives; half halves; thief thieves; shelf shelves
calf calves; loaf loaves; elf elves; self selves; ox oxen; person people
"""


def _bases() -> dict[str, str]:
    stem = Stemmer.Stemmer("english", 0).stemWord
    forms = [group.split() for line in _FORMS.splitlines() for group in line.split(";")]
    return {form: stem(group[0]) for group in forms for form in group[1:]}


BASE = _bases()
