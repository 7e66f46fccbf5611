"""The words by which a declaration decides, instructs, calls, welcomes, states, proposes or reviews, language by language.

A table for suggestions only: the editor has the last word on verb and force.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from meetings.models import Provision

Force = Provision.Force
LONGEST_VERB = 60  # what Provision.verb holds

# English verbs stand in their plain form and are found in all four (decide, decides, decided, deciding). In the other
# languages a star is any ending. Everywhere three dots are up to three words between.
TABLE: dict[str, dict[str, str]] = {
    "en": {
        Force.DECISION: """
            decide, agree, resolve, adopt, approve, endorse, establish, determine, proclaim, undertake, undertook, commit, committed,
            committing, sign, grant, conclude, set up
        """,
        Force.INSTRUCTION: "instruct, task, entrust, mandate, direct, charge, assign, authorise, authorize, order, ordered",
        Force.CALL: "call on, call upon, call for, urge, encourage, invite, request, appeal to, ask, demand, seek",
        Force.WELCOME: """
            welcome, applaud, commend, appreciate, congratulate, thank, praise, hail, celebrate, support, express … satisfaction,
            express … appreciation, express … gratitude, express … support, express … thanks, note with satisfaction, note with
            appreciation, take note with satisfaction, took note with satisfaction, pay tribute, paid tribute
        """,
        Force.STATEMENT: """
            reaffirm, affirm, confirm, reiterate, emphasise, emphasize, underline, underscore, stress, highlight, note, take note, took
            note, taken note, recognise, recognize, acknowledge, express, declare, state, recall, condemn, consider, believe, point out,
            draw attention, drew attention, observe, bear in mind, bearing in mind, attach, aim, desire, convinced, mindful, regret,
            share
        """,
        Force.PROPOSAL: "propose, suggest, recommend, put forward, putting forward, offer, present … proposal",
        Force.REVIEW: """
            review, discuss, examine, assess, evaluate, exchange views, exchange … views, take stock, took stock, hear, heard, listen
            to, monitor
        """,
    },
    "ru": {
        Force.DECISION: """
            решил*, решают, решаем, принял* решение, принимают решение, приняв решение, договорил*, договариваются, договорились,
            согласовал*, согласились, условил*, утвердил*, утверждают, утверждаем, утверждая, одобрил*, одобряют, одобряем, одобряя,
            постановил*, постановляют, постановляем, обязуются, обязались, учредил*, учреждают, провозгласил*, провозглашают, достигли
            договоренности
        """,
        Force.INSTRUCTION: "поручил*, поручают, поручаем, поручает, поручая, дали поручение, возложил*, возлагают, уполномочил*",
        Force.CALL: """
            призвал*, призывают, призываем, призывает, призывая, пригласил*, приглашают, приглашаем, приглашая, просят, просили, просим,
            попросил*, побуждают, поощрил*, поощряют, поощряем, поощряя, обращаются, обратились, настоятельно … призвали
        """,
        Force.WELCOME: """
            приветствовал*, приветствуют, приветствуем, приветствует, приветствуя, поддержал*, поддерживают, поддерживаем, поддерживая,
            поздравил*, поздравляют, поздравляем, поздравляя, высоко оцен*, дали высокую оценку, поблагодарил*, благодарят, благодарим,
            выра* … удовлетворен*, выра* … признательност*, выра* … благодарност*, выра* … поддержк*, с удовлетворением отме*, с
            удовлетворением
        """,
        Force.STATEMENT: """
            подтвердил*, подтверждают, подтверждаем, подтверждая, вновь подтвердил*, вновь подтверждают, вновь подтверждая, подчеркнул*,
            подчеркивают, подчеркиваем, подчеркивает, подчеркивая, отметил*, отмечают, отмечаем, отмечает, отмечая, заявил*, заявляют,
            заявляем, заявляя, выразил*, выражают, выражаем, выражая, признал*, признают, признаем, признавая, осудил*, осуждают,
            осуждаем, осуждая, напомнил*, напоминают, напоминая, указал*, указывают, акцентировал*, убеждены, будучи убеждены, сознавая,
            учитывая, принимая во внимание, приняли к сведению, принимают к сведению, считают, считаем, исходя из, стремясь
        """,
        Force.PROPOSAL: """
            предложил*, предлагают, предлагаем, предлагая, рекомендовал*, рекомендуют, рекомендуем, рекомендуя, выдвинул*, выдвигают,
            внесли предложение
        """,
        Force.REVIEW: """
            рассмотрел*, рассматривают, рассмотрев, обсудил*, обсуждают, обсудив, обменял*, обмениваются, обменявшись, изучил*, изучив,
            заслушал*, заслушав, провели обзор, подвели итоги
        """,
    },
    "tr": {
        Force.DECISION: """
            karar ver*, kararlaştır*, kararı al*, karar al*, mutabık kal*, mutabakata var*, anlaşmaya var*, anlaştı*, anlaşmış*, kabul
            et*, kabul ed*, onayla*, benimse*, ilan et*, ilan ed*, taahhüt et*, taahhüt ed*
        """,
        Force.INSTRUCTION: "talimat ver*, talimatlandır*, görevlendir*, yetkilendir*, yetki ver*, görev ver*",
        Force.CALL: """
            çağrıda bulun*, çağrısında bulun*, çağrı yap*, davet et*, davet ed*, teşvik et*, teşvik ed*, talep et*, talep ed*, rica et*,
            rica ed*, çağırır*, çağırdı*
        """,
        Force.WELCOME: """
            memnuniyetle karşıla*, memnuniyet duy*, memnuniyetle kaydet*, memnuniyetle kayded*, memnuniyet* ifade et*, memnuniyet* ifade
            ed*, memnuniyet* dile getir*, takdirle karşıla*, takdir et*, takdir ed*, tebrik et*, tebrik ed*, kutlar*, kutladı*,
            kutlamış*, destekle*, destek* ifade et*, teşekkür et*, teşekkür ed*, şükran*, övgü*
        """,
        Force.STATEMENT: """
            vurgula*, altını çiz*, teyit et*, teyit ed*, yeniden teyit et*, yinele*, kaydet*, kayded*, belirt*, ifade et*, ifade ed*,
            dile getir*, dikkat çek*, kına*, hatırlat*, beyan et*, beyan ed*, not et*, not ed*, önem atfet*, önem atfed*, inandıkları*,
            bilincinde olarak, göz önünde bulundur*, dikkate al*
        """,
        Force.PROPOSAL: """
            önerdi*, önerir*, önermiş*, önermekte*, öneriyor*, öneride bulun*, önerisinde bulun*, teklif et*, teklif ed*, tavsiye et*,
            tavsiye ed*
        """,
        Force.REVIEW: """
            değerlendirdi*, değerlendirmiş*, değerlendirir*, değerlendirmekte*, değerlendirerek, gözden geçir*, ele al*, görüş
            alışverişinde bulun*, görüş teatisinde bulun*, müzakere et*, müzakere ed*, görüştü*, görüşmüş*, incele*
        """,
    },
    "az": {
        Force.DECISION: """
            qərara al*, qərara gəl*, qərar qəbul et*, qərar qəbul ed*, qərar ver*, razılaş*, razılığa gəl*, təsis et*, təsis ed*, qəbul
            et*, qəbul ed*, bəyən*, öhdəsinə götür*
        """,
        Force.INSTRUCTION: "tapşırır*, tapşırdı*, tapşırıb*, tapşırıq ver*, həvalə et*, həvalə ed*, göstəriş ver*",
        Force.CALL: """
            çağırır*, çağırdı*, çağırıb*, çağıraraq, çağırış et*, çağırış ed*, dəvət et*, dəvət ed*, təşviq et*, təşviq ed*, xahiş et*,
            xahiş ed*, müraciət et*, müraciət ed*
        """,
        Force.WELCOME: """
            alqışla*, məmnunluqla qarşıla*, məmnuniyyətlə qarşıla*, məmnunluqla qeyd et*, məmnunluqla qeyd ed*, məmnunluq* ifadə et*,
            məmnunluq* ifadə ed*, təqdir et*, təqdir ed*, təbrik et*, təbrik ed*, dəstəklə*, yüksək qiymətləndir*, minnətdarlıq*,
            təşəkkür et*, təşəkkür ed*
        """,
        Force.STATEMENT: """
            vurğula*, bir daha təsdiq*, təsdiq et*, təsdiq ed*, təsdiqlə*, qeyd et*, qeyd ed*, bildirir*, bildirdi*, bildirib*,
            bildirərək, ifadə et*, ifadə ed*, diqqətə çatdır*, xatırlat*, təkrarla*, pislə*, qınay*, qınad*, bəyan et*, bəyan ed*,
            nəzərə alaraq, rəhbər tutaraq
        """,
        Force.PROPOSAL: "təklif et*, təklif ed*, irəli sür*, tövsiyə et*, tövsiyə ed*",
        Force.REVIEW: "müzakirə et*, müzakirə ed*, nəzərdən keçir*, fikir mübadiləsi apar*, dəyərləndir*",
    },
    "kk": {
        Force.DECISION: """
            шешім қабылда*, шешім шығар*, шешті*, ұйғарды*, ұйғарым*, келісті*, келісімге кел*, уағдаласты*, бекітті*, бекітеді*,
            мақұлда*, қаулы ет*, жариялады*, құрды*
        """,
        Force.INSTRUCTION: "тапсырды*, тапсырады*, тапсырып*, тапсырма бер*, жүктеді*, жүктейді*, міндетте*",
        Force.CALL: "шақырды*, шақырады*, шақырып*, шақыра отырып, үндеді*, үндейді*, өтінді*, өтінеді*, сұрады*, сұрайды*, ынталандыр*",
        Force.WELCOME: """
            құптады*, құптайды*, құптап*, құптай отырып, қуана қарсы ал*, қанағаттану* білдір*, ризашылық* білдір*, алғыс* білдір*,
            қолдау* білдір*, қолдады*, қолдайды*, қолдап*, қолдай отырып, жоғары баға*, оң баға*, құттықта*
        """,
        Force.STATEMENT: """
            атап өт*, атап көрсет*, баса айт*, баса көрсет*, растады*, растайды*, растап*, растай отырып, қайта раста*, қайталап*,
            мәлімде*, айыпта*, білдірді*, білдіреді*, білдіре отырып, ескерді*, ескере отырып, назарға ал*, мойында*, еске сал*, сенім
            білдір*
        """,
        Force.PROPOSAL: "ұсынды*, ұсынады*, ұсынып*, ұсына отырып, ұсыныс жаса*, ұсыныс айт*, ұсыныс енгіз*",
        Force.REVIEW: "талқыла*, қарастырды*, қарастырады*, қарастырып*, қарады*, пікір алмас*, шолу жаса*, тыңдады*",
    },
    "ky": {
        Force.DECISION: """
            чечим кабыл ал*, чечим чыгар*, чечти*, чечишти*, чечет*, макулдашты*, макулдашышты*, келишти*, бекитти*, бекитет*,
            бекитишти*, жактырды*, жактырышты*, токтом кыл*, жарыялады*, жарыялашты*
        """,
        Force.INSTRUCTION: "тапшырды*, тапшырышты*, тапшырат*, тапшырып*, тапшырма бер*, милдеттендир*, жүктөдү*, жүктөшт*",
        Force.CALL: "чакырды*, чакырышты*, чакырат*, чакырып*, чакырык таш*, үндөдү*, үндөшт*, өтүндү*, өтүнүшт*, суранышт*, үндөйт*",
        Force.WELCOME: """
            кубаттады*, кубатташты*, кубаттайт*, кубаттап*, куттукта*, колдоду*, колдошту*, колдойт*, колдоо көрсөт*, ыраазычылык*
            билдир*, канааттануу менен*, жогору баала*, алкыш* айт*
        """,
        Force.STATEMENT: """
            баса белгиле*, белгилешти*, белгиледи*, белгилейт*, белгилеп*, ырастады*, ырасташты*, ырастайт*, ырастап*, тастыкта*,
            билдиришти*, билдирди*, билдирет*, билдирип*, айыптады*, айыпташты*, айыптайт*, баса көрсөт*, эске салды*, эске алып,
            эскерип, моюнда*
        """,
        Force.PROPOSAL: "сунуш кыл*, сунуштады*, сунушташты*, сунуштайт*, сунуш киргиз*, сунуш айт*",
        Force.REVIEW: "талкууладу*, талкуулашты*, талкуулады*, талкуулайт*, талкуулап*, карап чык*, пикир алмаш*, угушту*",
    },
    "uz": {
        Force.DECISION: """
            qaror qabul qil*, qaror qil*, qarorga kel*, kelishib ol*, kelishdi*, kelishildi*, kelishuvga erish*, maʼqulla*, qabul
            qildi*, qabul qiladi*, қарор қабул қил*, қарор қил*, қарорга кел*, келишиб ол*, келишдилар, келишилди*, маъқулла*
        """,
        Force.INSTRUCTION: "topshirdi*, topshiradi*, topshiriq ber*, topshirib, yukladi*, топширди*, топширади*, топшириқ бер*, юклади*",
        Force.CALL: """
            chaqirdi*, chaqiradi*, chaqirib*, chaqirgan*, daʼvat et*, murojaat qil*, soʻradi*, ragʻbatlantir*, чақирди*, чақиради*,
            чақириб*, даъват эт*, мурожаат қил*, рағбатлантир*
        """,
        Force.WELCOME: """
            olqishla*, mamnuniyat bilan*, mamnuniyat* bildir*, qoʻllab-quvvatla*, yuqori bahola*, tabrikla*, minnatdorlik* bildir*,
            minnatdorchilik* bildir*, олқишла*, мамнуният билан*, мамнуният* билдир*, қўллаб-қувватла*, юқори баҳола*, табрикла*,
            миннатдорлик* билдир*, миннатдорчилик* билдир*
        """,
        Force.STATEMENT: """
            taʼkidla*, qayd et*, qayd qil*, bildirdi*, bildiradi*, bildirib*, tasdiqladi*, tasdiqlaydi*, tasdiqlab*, eslat*, qorala*,
            eʼtirof et*, eʼlon qil*, inobatga olib, таъкидла*, қайд эт*, қайд қил*, билдирди*, билдиради*, билдириб*, тасдиқлади*,
            тасдиқлайди*, тасдиқлаб*, эслат*, қорала*, эътироф эт*, эълон қил*, инобатга олиб
        """,
        Force.PROPOSAL: """
            taklif et*, taklif qil*, taklif bildir*, tavsiya et*, tavsiya qil*, ilgari sur*, таклиф эт*, таклиф қил*, таклиф билдир*,
            тавсия эт*, тавсия қил*, илгари сур*
        """,
        Force.REVIEW: """
            muhokama qil*, koʻrib chiq*, fikr almash*, tahlil qil*, eshitdi*, муҳокама қил*, кўриб чиқ*, фикр алмаш*, таҳлил қил*
        """,
    },
    "hu": {
        Force.DECISION: """
            elhatároz*, úgy határoz*, határoztak*, határoznak*, úgy dönt*, döntöttek*, döntenek*, megállapodtak*, megállapodnak*,
            elfogadták, elfogadják, elfogadva, jóváhagyták, jóváhagyják, jóváhagyva, vállalták, vállalják, létrehozták, létrehozzák
        """,
        Force.INSTRUCTION: "utasítják, utasították, utasítva, megbízzák, megbízták, megbízva, feladatul adják",
        Force.CALL: """
            felszólít*, felhívják, felhívták, felhívva, felkérik, felkérték, felkérve, ösztönzik, ösztönözték, ösztönözve, meghívják,
            meghívták, szorgalmazzák, szorgalmazták, sürgetik, sürgették, kérik, kérték
        """,
        Force.WELCOME: """
            üdvözlik, üdvözölték, üdvözölve, üdvözöljük, üdvözli, elismerik, elismerték, elismerésük*, méltatják, méltatták, gratulál*,
            támogatják, támogatták, támogatva, köszönetet mond*, köszönetüket fejez*, elégedettség* fejez*, elégedetten nyugtáz*
        """,
        Force.STATEMENT: """
            hangsúlyozzák, hangsúlyozták, hangsúlyozva, hangsúlyozzuk, hangsúlyozza, megerősítik, megerősítették, megerősítve,
            ismételten megerősít*, kiemelik, kiemelték, kiemelve, leszögez*, kifejezik, kifejezték, kifejezve, kifejezésre jut*,
            emlékeztet*, elítélik, elítélték, rámutat*, megjegyzik, megjegyezték, tudomásul ve*, kijelentik, kijelentették, meggyőződve
        """,
        Force.PROPOSAL: "javasolják, javasolták, javasolja, javasolva, indítványozzák, indítványozták, ajánlják, ajánlották",
        Force.REVIEW: """
            áttekintik, áttekintették, áttekintve, megvitatják, megvitatták, megtárgyalják, megtárgyalták, értékelték, eszmecserét
            folytat*, véleményt cserél*
        """,
    },
}

# After one of these an English word is a noun or an adjective: “the proposed fund”, “with the support of”.
_NO_VERB_AFTER = re.compile(
    r"\b(?:the|an?|of|their|its|our|his|her|this|that|these|those|such|in|with|for|under|on|by|mutual|full|joint|continued|further)\s+$"
)
_SENTENCE_END = re.compile(r"(?<=\w{3})[»”\"')]*[.!?…](?=\s+[«“\"'(]*[^\W\d_a-zа-яё])")
_WORD = re.compile(r"(?<!\w)\w")
_ALIKE = str.maketrans(dict.fromkeys("İIı", "i") | dict.fromkeys("ёЁ", "е") | dict.fromkeys("ʻʼ‘’`´", "'") | dict.fromkeys("‐‑", "-"))
_TURKIC_CAPITALS = str.maketrans("Iİ", "ıi")


@dataclass(frozen=True)
class Suggestion:
    """The document's own word, what it amounts to, and whether the text begins with it."""

    verb: str
    force: str
    opens: bool


def suggest(text: str) -> Suggestion | None:
    """The first operative word of the first sentence, the longest where several begin together; None when there is none."""
    end = _SENTENCE_END.search(text)
    sentence = text[: end.end()] if end else text
    folded = _fold(sentence)
    for place in _WORD.finditer(folded):
        start = place.start()
        found = max(_found(folded, start), default=None)
        if found is not None:
            end_of_verb, language, force = found
            return Suggestion(_in_small(sentence[start:end_of_verb], language), force, opens=not re.search(r"\w", sentence[:start]))
    return None


def _found(folded: str, start: int) -> Iterator[tuple[int, str, str]]:
    """Every entry of the table that stands here: where it ends, its language and force."""
    for pattern, language, force in _ENTRIES.get(folded[start : start + 2], ()):
        match = pattern.match(folded, start)
        if match and not (language == "en" and _NO_VERB_AFTER.search(folded[:start])):
            yield match.end(), language, force


def _in_small(words: str, language: str) -> str:
    """In small letters, and no longer than a provision's verb may be."""
    parts = (words.translate(_TURKIC_CAPITALS) if language in ("tr", "az") else words).lower().split()
    while len(" ".join(parts)) > LONGEST_VERB:
        parts.pop()
    return " ".join(parts)


def _fold(text: str) -> str:
    """Small letters, without what typists and fonts disagree on; as long as it was, so that places in it hold."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text.translate(_ALIKE))


def _english(phrase: str) -> set[str]:
    """A verb in its four forms: the first word of the phrase changes."""
    verb, *rest = phrase.split()
    if verb.endswith("e"):
        forms = {verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"}
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        forms = {verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"}
    else:
        forms = {verb, f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s", f"{verb}ed", f"{verb}ing"}
    return {" ".join([form, *rest]) for form in forms}


def _pattern(phrase: str) -> re.Pattern[str]:
    parts = [re.escape(_fold(word)).replace(r"\*", r"[\w']*") for word in phrase.split()]
    return re.compile(r"\s+".join(parts).replace(r"\s+…\s+", r"(?:\s+\S+){0,3}?\s+") + r"(?!\w)")


def _entries() -> dict[str, list[tuple[re.Pattern[str], str, str]]]:
    """The table by the two letters an entry begins with, so that a word is compared with few of them."""
    entries: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
    for language, forces in TABLE.items():
        for force, phrases in forces.items():
            for phrase in " ".join(phrases.split()).split(", "):
                for form in sorted(_english(phrase)) if language == "en" else [phrase]:
                    entries.setdefault(_fold(form[:2]), []).append((_pattern(form), language, str(force)))
    return entries


_ENTRIES = _entries()
