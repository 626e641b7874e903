"""A text in plain characters, its lines made whole, and where each character stood.

Digits and letters of full width become ASCII ones, white space of every kind a space, and of
the traditional characters those that stand in the names of units and in labels their
simplified forms. Marks are left as they are: full and half width are told apart nowhere. Pairs
of asterisks are what extractors leave of bold type. Lines of a print that end where the page
does are joined again, over page numbers too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from loaders.wording import LABEL

_TRADITIONAL = (
    "單責牽頭協辦參與負財發員會廳國資監環農業務運輸審計統體衛應園區縣鎮鄉無廣電視團總稅關銀聯經濟產規劃設築質場氣險動勞島專門處層構個僑黨組織傳機編網"
    "檔檢際執術師學醫藥殘婦礦災鐵創點項標實時間長進條擔變聞優復圍護樹綠幹龍東陳華開貿遊軍記誠歸階養類號見結從來為這兩對現據數庫廠寧滬蘇嚴職權寫將節領"
    "導過達遠鄭鄰釋鋪錄鍵閉隊陽陰隨雙難雲預題額風飛館馬驗齊離戶採臺萬億車輕軌轉載輔較強態慶戰擴斷歷決準滿漁溫測潔獨獎畫當療確種積稱穩競籌約級終給維緊"
    "線練縮績繼續義習聖聲腦膽舉舊艦萊葉藝虛補裝製評試話該詳認誤說調談請論講識證讀讓貧貨費賣賽趙輯輛違遷選還邊鑒漢鹹鄧瀋濱廈麗蘭陝遼瓊贛臨紹揚鹽連錦營"
    "煙濰棗荊黃鄖嶽婁懷樂貴畢銅騰寶鶴雞綏蘆撫爾嶺烏魯圖瀘滄鄲張晉呂劉羅龔輝銷緝誌騎鄒榮濤湯澤漣灣瀏狀盤碼禮糧紅納細絲緣縱繞膠艙蕭薦藍衝裏覽觀訊討訓許"
    "訴詢誰課謀謝譽豐貢賀賓購贈贏軟軸轄辭遞遺郵釣鈣鋼鍋鎖鏈鐘鑽閒閣闊陸雖雜霧靈靜順頁須頒頓頻顆願顧顯飯飲飼駐駕駿騙髮鬥魚鮮鳥麥齡匯啟喪嘗壓奪奮孫宮寬"
    "屆屬岡峽巖帥幣廢廟彈徑徵憲懇戲拋捨掃掛損換撥擇擊擬攜攝敗敵於昇暫曆書極樁樓樞橋橫檯欄歐殺毀氫涼淨淺減渾湧溝滅滾潤潛濃灘燈燒爐爭牆獻畝異疊痺盡眾礎"
    "祿禦穀窮筆範簡簽籃粵紡紙"
)
_SIMPLIFIED = (
    "单责牵头协办参与负财发员会厅国资监环农业务运输审计统体卫应园区县镇乡无广电视团总税关银联经济产规划设筑质场气险动劳岛专门处层构个侨党组织传机编网"
    "档检际执术师学医药残妇矿灾铁创点项标实时间长进条担变闻优复围护树绿干龙东陈华开贸游军记诚归阶养类号见结从来为这两对现据数库厂宁沪苏严职权写将节领"
    "导过达远郑邻释铺录键闭队阳阴随双难云预题额风飞馆马验齐离户采台万亿车轻轨转载辅较强态庆战扩断历决准满渔温测洁独奖画当疗确种积称稳竞筹约级终给维紧"
    "线练缩绩继续义习圣声脑胆举旧舰莱叶艺虚补装制评试话该详认误说调谈请论讲识证读让贫货费卖赛赵辑辆违迁选还边鉴汉咸邓沈滨厦丽兰陕辽琼赣临绍扬盐连锦营"
    "烟潍枣荆黄郧岳娄怀乐贵毕铜腾宝鹤鸡绥芦抚尔岭乌鲁图泸沧郸张晋吕刘罗龚辉销缉志骑邹荣涛汤泽涟湾浏状盘码礼粮红纳细丝缘纵绕胶舱萧荐蓝冲里览观讯讨训许"
    "诉询谁课谋谢誉丰贡贺宾购赠赢软轴辖辞递遗邮钓钙钢锅锁链钟钻闲阁阔陆虽杂雾灵静顺页须颁顿频颗愿顾显饭饮饲驻驾骏骗发斗鱼鲜鸟麦龄汇启丧尝压夺奋孙宫宽"
    "届属冈峡岩帅币废庙弹径征宪恳戏抛舍扫挂损换拨择击拟携摄败敌于升暂历书极桩楼枢桥横台栏欧杀毁氢凉净浅减浑涌沟灭滚润潜浓滩灯烧炉争墙献亩异叠痹尽众础"
    "禄御谷穷笔范简签篮粤纺纸"
)
_WIDE = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_STARS = dict.fromkeys(map(ord, "\uff0a\ufe61\u2731\u2217"), "*")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u3000\t"), " ")
_MARKS = str.maketrans(
    "\u2236\ufe55\ufe13\ufe54\ufe14\ufe50\ufe10\ufe51\ufe11\ufe59\ufe5a\u300c\u300d\u300e\u300f\uff61",
    "：：：；；，，、、（）“”“”。",
)
"""Marks of small or upright form, and the quotation marks of vertical print."""
_PLAIN = str.maketrans(_TRADITIONAL, _SIMPLIFIED) | _MARKS | _WIDE | _STARS | _SPACES
_LIST_MARK = re.compile(
    rf"^ {{0,12}}(?:[-+](?= +[^\s\d])|[*](?= +(?:{LABEL.pattern}))|#{{1,6}}(?= ))", re.MULTILINE
)
"""What Markdown sets before a heading or the item of a list."""
_NOTHING = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff]"
    "|(?<=[\u4e00-\u9fff])[（(] ?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹê]{1,6} ?[）)]"
)
"""Characters of no width, and the readings that mirrors set behind characters: 辦發(fā)."""
_PAGE = re.compile(r"[—\-－–_\s]*第?\s*\d{1,3}\s*页?[—\-－–_\s]*$")
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}(?:[.．、](?!\d)|\s)|"
    r"第[一二三四五六七八九十\d]{1,4}[条章节]|[①-⑳▲●•◆■○◇□★☆※·►—]|附[则件]|抄送|注[:：]"
)
"""How a line begins that goes on with no other: a number, a bullet."""
_LABELLED = re.compile(r"[“\"]?[^\s。，,；;:：（(]{2,14}[”\"]?[:：]")
_UNITS = re.compile(r"\s*[牵责配主协由省市区县各]")
_TOLD = re.compile(
    rf"(?:{LABEL.pattern}[^（(【\[〔]*|(?:牵头|负责|配合|参与|协助|落实))[）)】\]〕]$"
)
"""A bracket of units that ends with its line: the next line is about something else."""
_ENDS = "。；;：:！!？?"


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain text; `offsets` are where its characters stand in the document."""

    text: str
    offsets: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain text stands in the document, half open."""
        return self.offsets[start], self.offsets[end - 1] + 1


def plain(text: str) -> str:
    """The text, character for character, in plain ones.

    >>> plain("２．牽頭單位：財政局")
    '2．牵头单位：财政局'
    """
    text = text.translate(_PLAIN).replace("**", "  ")
    return _LIST_MARK.sub(lambda m: " " * len(m[0]), text)


def plain_text(source: str) -> Plain:
    """A document in plain characters, with whole lines and without characters of no width."""
    text = plain(source)
    breaks = list(_soft_breaks(text))
    gone = [m.span() for m in _NOTHING.finditer(text)] + breaks
    if not gone:
        return Plain(text, range(len(text)))
    kept: list[int] = []
    at = 0
    for start, end in [*sorted(gone), (len(text), len(text))]:
        kept.extend(range(at, start))
        at = max(at, end)
    spaces = {start - 1 for start, _ in breaks if text[start - 1] in "\r\n"}
    return Plain("".join(" " if i in spaces else text[i] for i in kept), kept)


def _soft_breaks(text: str) -> Iterator[tuple[int, int]]:
    """What stands between the lines of a print that are one, half open; nothing in other texts."""
    lines = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\s](?:[^\r\n]*[^\s])?", text)]
    lines = [line for line in lines if not _PAGE.fullmatch(line[2])]
    full = _full(lines) | {end for _, end, said in lines if _opens_units(said)}
    if not full:
        return
    gaps = [text[a[1] : b[0]] for a, b in pairwise(lines)]
    apart = sum(gap.count("\n") > 1 for gap in gaps) < 0.8 * len(gaps)
    for (_, end, said), (start, _, after), gap in zip(lines, lines[1:], gaps, strict=False):
        if end not in full or _BEGINS.match(after) or _TOLD.search(said):
            continue
        if _LABELLED.match(after) and not _is_open(said):
            continue
        if apart and gap.count("\n") > 1 and not re.search(r"\d", gap):
            continue
        words = said[-1].isascii() and said[-1].isalpha() and after[0].isascii()
        label = _LABELLED.match(after) is not None
        yield end + (words or label), start


def _full(lines: Sequence[tuple[int, int, str]]) -> set[int]:
    """Where the lines end that fill the page, by width or by count; none where lines are
    paragraphs.

    Where few lines do, only those count that stop inside a sentence or a bracket.
    """
    found: set[int] = set()
    for measure, slack, least, most in ((_width, 6, 24, 130), (len, 2, 12, 65)):
        sizes = sorted(measure(said) for _, _, said in lines)
        if len(sizes) < 8:
            return set()
        top = sizes[-1 - len(sizes) // 20]
        if not least <= top <= most or sizes[-1] > top + 2 * slack:
            continue
        full = {end: said for _, end, said in lines if measure(said) >= top - slack}
        cut = {end for end, said in full.items() if said[-1] not in _ENDS}
        if 3 * len(full) > len(lines) and 2 * len(cut) > len(full):
            ends = set(full)
        else:
            ends = {end for end in cut if _is_open(full[end]) or _is_cut(full[end])}
            ends = ends if 2 * len(ends) > max(len(full), 2) else set()
        if len(ends) > len(found):
            found = ends
    return found


def _is_cut(said: str) -> bool:
    marks = re.search("[，,。；;、]", said)
    return said[-1] not in "）)】]〕》”" and marks is not None and not LABEL.match(said)


def _opened(said: str) -> int | None:
    """Where the bracket begins that a line opens and does not close; None where there is none."""
    opened: list[int] = []
    for i, char in enumerate(said):
        if char in "（(【[〔":
            opened.append(i)
        elif char in "）)】]〕" and opened:
            opened.pop()
    return opened[0] if opened else None


def _is_open(said: str) -> bool:
    return _opened(said) is not None


def _opens_units(said: str) -> bool:
    """Whether a line ends inside a bracket of units: it does in the next one."""
    at = _opened(said)
    return at is not None and _UNITS.match(said, at + 1) is not None


def _width(said: str) -> int:
    return sum(1 if c < "\u2e80" else 2 for c in said)
