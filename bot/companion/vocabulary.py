"""What English words are worth in a question, as terms."""

from bot.stories import analyser

_EMPTY = """
a about above after against all also am an and any anyone anything are as at be because been before
being below between both but by can could did do does doing down during each either else ever every
for from further had has have having he her here hers herself him himself his how i if in into is it
its itself just let many may me might more most much must my myself no nor not of off on once only
or our ours out over per same she should so some somebody someone something such than that the
their theirs them themselves then there these they this those through to too under until up upon us
very was we were what when where which while who whom whose why will with would you your yours
actually exactly ever finally first happen kind part chapter really say sort story tell thing
anybody everybody everyone nobody become get couldn't wouldn't didn't doesn't isn't wasn't weren't
don't won't aren't hadn't
hasn't haven't can't shouldn't re ve ll d s t couldn wouldn didn doesn isn wasn weren don won aren
hadn hasn haven shouldn
"""

_LIGHT = """
across again ago along altogether always answer around ask away back begin behind beside big bring
call come day end even far feel find give go good great hold inside instead keep know last late
leave little live long look lose make man mean name near need never new next now old one other
outside person place put run see seem show sit stand start still take think time together try turn
two use want way wear whole within without woman work yet
"""

_CLOSE = """
accident crash wreck collision; adopt foster; afraid scared frightened fear terrified; age old years
angry cross furious rage anger; animal beast creature pet; answer reply response; army soldiers
argue quarrel row fight argument; arrest jail prison cell; arrive arrival land reach come
attack assault raid; attic loft; author writer wrote; baby infant newborn; bag sack
battle war fight; beach shore sand; beautiful pretty lovely handsome; beard hair
begin start beginning; believe trust faith; big large huge enormous great; blame accuse fault
board plank; boat ship vessel dinghy ferry; body corpse; book novel volume; boss chief employer
boundary border; box crate chest; boy lad son kid; break broken snap smash
build built construct; burn fire flame blaze; bury buried grave funeral; buy bought purchase pay
call name named nickname known; car vehicle van lorry truck; card postcard; carry bring
castle fortress palace; catch caught capture; child kid girl boy daughter son; choose pick decide
church chapel vicar priest; city town; clothes wear dress coat; coin money cash
cold freezing frozen chilly; colony settlement settlers; colour color; cook chef; cost price money
cry weep tears; dance waltz; danger dangerous risk; dark darkness night; daughter girl child
dead die died death killed drowned perish; defeat beat; destroy ruin wreck; dirty filthy
disappear vanish gone missing; discover find found; doctor physician dr; door gate; doubt suspect
dream nightmare; drink drank thirst thirsty; earn wage pay; eat meal food dinner supper lunch
early dawn morning; empty bare; end finish ending last; enemy foe; engine motor; escape flee fled
evening dusk; evil wicked; explain tell; fail failed broke; fall fell; family relatives kin
father dad papa daddy; fat heavy vast; fight fought; finger hand; fix mend repair; flat apartment
floor deck; follow chase pursue; forbid ban; forest woods; forgive pardon; free release
friend companion; funny laugh joke; garden yard; ghost spirit phantom; gift present give
give hand; gold treasure; grandfather granddad grandpa; grandmother grandma gran
guard watchman; guilty blame fault; gun pistol rifle weapon; happy glad joy delighted; hate loathe
head skull; help assist aid; hide hid hidden secret; hit struck strike; hole gap; home house
hospital clinic; hot heat; hotel inn; hungry hunger starve; hurt injured wound wounded harm damage
husband married wife marry wedding; ill sick poorly unwell cough; island isle; jewel gem
job work trade profession occupation; journey voyage trip travel; jump leap
kill killed murder murdered slain; king ruler; kiss embrace; knife blade sword dagger; late delayed
laugh giggle smile; law rule by-law; lawyer solicitor; leader captain chief; learn taught
leave left go depart; letter note message write post; lie liar lied; light lamp lantern
like love fond; live home dwell; lock key; lonely alone; look see stare; lose lost
love beloved; mail post; marry married wedding; medicine drug; mend repair; miss missing less
mistake wrong error; mother mum mam mom mama; move shift; music song sing sang; near beside next
newspaper paper; noise sound; notice noticed saw; offer offered; own owner belong; parents mother
party feast; photograph photo picture painting portrait; plan scheme; plant tree seed
poison poisoned; police constable; pretend pretended; prize reward; promise vow swore oath
proof evidence; proud pride; punish punishment; queen king; quiet silent silence; quit resign
rain raining wet; reason because; receive got delivered; refuse refused; remember memory
rescue save saved; return back; revenge avenge; rich wealthy; road street lane; room cabin chamber
rob robbed steal stole theft thief; sad unhappy grief; school class lessons; sea ocean water
sell sold; send sent; servant maid; share some; shoe boot; shop store; shout yell bellow scream
shut close closed; sister sibling; brother sibling; size large; sleep asleep bed bunk; smell stink
small little tiny; smile grin; sneak crept creep; speak talk said; stairs steps; stone rock pebble
steal stole stolen thief took taken; stop stopped; storm gale; strange odd weird; student pupil
teach taught teacher; test exam; tired exhausted weary; tool hammer spanner crowbar; town village
train railway; trap snare; trick fooled deceive; truth true; underneath below beneath underside
village town; visit visited; wake woke awake; warn warning; weapon sword gun knife
wear wore dressed; weather rain wind storm snow; wife married wedding; window glass
wizard witch magic; wood timber; worried anxious; write wrote letter; young youth boy girl
"""


def _stems(words: str) -> frozenset[str]:
    return frozenset(term.text for term in analyser.terms(words))


def _close() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in _CLOSE.replace("\n", ";").split(";"):
        stems = _stems(group)
        for stem in stems:
            found[stem] = found.get(stem, frozenset()) | stems - {stem}
    return found


EMPTY = _stems(_EMPTY)  # words that say nothing of what is asked for
LIGHT = _stems(_LIGHT)  # words that say little
CLOSE = _close()  # by a word, those that a story may have in its stead
