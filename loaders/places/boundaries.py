"""Where the name of a place begins, and whether it is a name at all: the words around names.

Chinese marks no word: in 推进武夷路改造 nothing but the verb shows where the name begins. So
three lists stand here: words that end before a name (verbs and what introduces), single
characters that may also begin a name (和 in 和平路), and words that only describe a kind of
thing (社区卫生服务中心 is no name, 江苏卫生中心 is).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

HAN = "\u3007\u4e00-\u9fff·"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_BEFORE = _words(
    "推进 推动 完成 实施 开展 启动 落实 加快 继续 积极 打造 建设 改造 新建 改建 扩建 重建 整治 "
    "涉及 包括 力争 争取 确保 配合 做好 组织 支持 着力 围绕 对接 办理 进行 规划 保障 拆除 重点 "
    "其中 确认 筹备 迎检 迎评 迎接 探索 促进 编制 加强 提升 深化 建立 健全 完善 举办 参与 协调 "
    "督促 研究 制定 优化 巩固 持续 全面 着手 基本 正式 开工 竣工 验收 实现 发挥 引导 鼓励 培育 "
    "服务 管理 综合 签订 召开 联系 走访 帮助 助力 依托 利用 结合 根据 按照 通过 位于 地处 临近 "
    "毗邻 开通 开放 贯通 打通 疏通 修缮 维修 养护 施工 出让 收储 收地 征收 动迁 搬迁 清退 腾退 "
    "清理 评审 评定 创建 申报 建成 投入 使用 启用 交付 选址 设计 方案 批复 审批 招标 土建 装修 "
    "更新 盘活 释放 引进 引入 承接 聚焦 立足 瞄准 面向 构建 形成 拓展 拓宽 延伸 辐射 带动 联动 "
    "连接 衔接 穿越 沿线 周边 附近 两侧 区域 范围 地区 等地 以及 并对 尤其 特别 例如 比如 如下 "
    "分别 同步 协同 会同 联合 牵头 负责 共同 合力 合作 指导 监督 检查 巡查 排查 调研 考察 参观 "
    "慰问 落地 入驻 迁入 搬入 收回 回收 收购 储备 转让 供应 挂牌 拍卖 协助 协商 沟通 报批 报建 "
    "深入 稳步 有序 大力 努力 抓紧 抓好 统筹 扎实 切实 尽快 加大 加速 提前 提速 提质 高质量 "
    "高标准 高水平 实行 执行 推行 推广 宣传 展示 发布 印发 出台 公布 公示 总结 评估 考核 测评 "
    "修订 调整 扩大 增加 增设 增建 新增 新设 设立 设置 成立 组建 布局 布设 安装 铺设 敷设 架设 "
    "种植 栽种 绿化 美化 亮化 净化 拔除 割接 入地 监管 治理 处置 处理 解决 化解 消除 整改 整理 "
    "整合 集聚 汇聚 吸引 招引 招商 接待 安置 回迁 安排 部署 谋划 筹建 论证 勘察 测绘 改扩建 "
    "续建 在建 待建 拟建 已建 完工 封顶 复工 停工 动工 交地 供地 拿地 用地 建造 兴建 修建 搭建 "
    "移交 接管 运营 经营 改善 改进 提高 增强 强化 细化 硬化 深挖 挖掘 激活 焕新 焕发 重塑 再造 "
    "梳理 推出 开设 开发 开辟 开启 试点 试行 示范 争创 打响 擦亮 举行 主办 承办 赴 在建的 项目 "
    "工程 工作 计划 任务 情况 问题 手续 单位 部门 企业 机构 实现了 街区 路段 地段 沿街 节点 "
    "配套 配建 结转 目前 今年 年内 年底 年底前 上半年 下半年 一季度 二季度 三季度 四季度 季度 "
    "月底 月底前 期间 之后 以后 之前 以前 以来 前期 后期 一期 二期 三期 首期 首个 首批 第一批 "
    "第二批 剩余 其余 部分 所有 全部 全线 全市 全区 全县 全镇 我市 我区 我县 本市 本区 本县 "
    "区内 市内 辖区内 境内 辖区 城区 打好 守好 用好 管好 建好 办好 搞好 抓实 做实 做强 做优 "
    "做大 做精 对口 支援 帮扶 协作 结对 援建 包含 包括了 涵盖 覆盖 以点带面 重要 主要 有关 "
    "相关 各类 各个 多个 一批 若干 一体化 常态化 精细化 有条件的 响应 具备 适应 投放 抢占 占领 "
    "具有 兼具 属于 作为 成为 来自 前往 辟通 攻坚 破解 升级 升级改造 翻建 排除 突破 锁定 办结 "
    "加力 抓牢 压实 夯实 筑牢 守牢 织密 补齐 补强 延续 延长 扩容 扩面 增效 增配 配备 配齐 配强 "
    "更换 替换 恢复 修复 修编 报送 上报 提交 审定 审议 获批 获得 取得 冲刺 倒排 督办 跟踪 跟进 "
    "对标 对照 参照 遵循 把握 聚力 着眼 突出 彰显 展现 呈现 体现 传承 保护 保持 保留 挖潜 激发 "
    "点亮 提标 提能 转型 转化 转变 转移 迁移 外迁 关停 关闭 取缔 查处 打击 防范 防控 防治 防止 "
    "应对 缓解 减少 降低 压减 控制 管控 管护 守护 维护 运维 托管 巡视 抽查 检测 监测 监控 预警 "
    "抢险 抢修 清淤 疏浚 截污 纳管 分流 拆违 拆迁 拆房 征地 征询 签约 腾空 腾让 腾地 净地 平整 "
    "开挖 浇筑 吊装 封闭 围挡 通车 试运行 运行 投运 投产 投用 启建 开业 开街 开园 采购 购置 "
    "回购 注资 融资 投资 拨付 审计 送审 立项 可研 核准 备案 登记 授牌 揭牌 签署 赋能 导入 植入 "
    "嵌入 融入 纳入 列入 接入 并入 落户 落成 选定 确定 明确 划定 划分 认定 预留 预控 活化 彩化 "
    "洁化 序化 取消 设法 全力 全速 加紧 紧盯 紧抓 紧扣 紧紧 紧密 主动 率先 首先 同时 逐步 逐一 "
    "陆续 相继 持续推进 稳妥 稳慎 妥善 有效 有力 有机 充分 大幅 进一步 不断 深度 广泛 高效 "
    "精准 精心 科学 合理 依法 全程 全域 下穿 上跨 跨越 途经 东侧 西侧 南侧 北侧 以东 以西 以南 "
    "以北 内侧 外侧 东部 西部 南部 北部"
)
_NEVER_FIRST = "与及对在由于至到从的等或除把使就以按好将沿向为"
_SELDOM_FIRST = "和保抓修拓建"
_KIND_WORDS = _words(
    "各 本 该 此 其 某 每 两 三 四 五 六 七 八 九 十 几 多 数 个 家 所 座 处 条 类 批 级 型 性 "
    "化 式 大 小 中 新 老 旧 高 低 和 与 及 的 等 或 为 以 对 在 由 我 全 区 市 县 镇 乡 街 村 "
    "省 国 校 院 馆 园 场 社区 综合 三级 二级 一级 甲等 专科 区属 市属 区级 市级 省级 国家级 "
    "国家 县级 校级 世界级 标准化 标准 示范性 示范 公立 公办 民办 民营 国有 国际 国内 全国 "
    "全球 公共 文化 服务 体系 现代 现代化 智慧 智能 数字 数据 网络 互联网 市场 监管 科技 创新 "
    "人才 产业 集聚 服务业 商业 商务 商贸 金融 生态 绿色 低碳 创业 创意 时尚 先进 制造 制造业 "
    "特色 精品 样板 美丽 宜居 历史 风貌 传统 古 老旧 农贸 农产品 农业 菜 资本 消费 租赁 要素 "
    "二手车 劳动力 技术 住房 房地产 证券 债券 期货 电力 碳 集体 重点 部分 相关 有关 所有 其他 "
    "其它 各类 各级 各个 多个 若干 现有 原有 已有 新型 大型 中型 小型 中小 基层 集团 内 外 "
    "内部 区域 地区 片区 城市 城区 农村 乡村 卫生 医疗 教育 体育 健康 养老 老年 儿童 青年 "
    "青少年 学生 中小学 幼儿 托育 托幼 居民 居住 住宅 市民 群众 便民 惠民 为民 公益 普惠 免费 "
    "开放 开放式 封闭式 一体化 一站式 一网通办 窗口 平台 中心 基地 载体 试验 实验 先行 先导 "
    "引领 改革 试点 发展 建设 推进 开展 支持 主体 主力 网点 门店 企业 机构 单位 部门 行业 专业 "
    "专门 专项 专用 专属 优质 优秀 知名 高端 高新 高新技术 高标准 高品质 高质量 高水平 前沿 "
    "未来 新兴 战略性 支柱 主导 核心 关键 生产性 生活性 生活 生产 办公 楼宇 沿街 沿线 周边 "
    "附近 境外 境内 海外 外资 外商 进口 出口 自由 贸易 跨境 电商 直播 夜间 夜经济 文旅 旅游 "
    "休闲 娱乐 运动 健身 滨江 滨水 沿江 沿河 滨河 人行 地下 消防 应急 安全 疏散 投诉 沟通 申诉 "
    "快速 快捷 直达 维权 融资 上升 晋升 国防 人民 防空 食品 药品 特种 危险 垃圾 分类 达标 两定 "
    "无障碍 适老化 非成套 旧改 旧住房 更新 保障性 租赁房 公租房 廉租房 微 次 首 双 单 共享 "
    "共建 公交 交通 道路 铁路 公路 河道 水系 绿化 环境 环保 污染 能源 电动 充电 停车 网格 政务 "
    "行政 法律 司法 党建 党群 红色 双创 众创 科创 文创 孵化 加速 培训 实训 学习 活动 体验 展示 "
    "展览 演出 友好 平安 文明 法治 诚信 放心 满意 优化 提升 改造 工程 项目 试 第一 第二 第三 "
    "第四 第五 第一批 一批 一个 两个 三个 多元 多功能 全龄 全民 全域 工业 物流 仓储 软件 信息 "
    "通信 人工智能 大数据 云 生物 医药 生命 航空 时尚创意 影视 设计 艺术 音乐 电竞 演艺 消费者 "
    "国有企业 主要 国家森林 郊野 口袋 街心 社会 福利 救助 残疾人 妇女 职工 工人 干部 党校 成人 "
    "开放大学 职业 技工 公办学校 特殊 义务 学前 普通 重要 优先 特 暨 并 加深 万 亿 千 百 "
    "平方米 公里 亩 沿 临 新建 改建 扩建 在建 待建 已建 拟建 一 二 不 无 有 土地 房屋 居民楼 "
    "住户 旧里 厂房 资产 物业 地上 建筑 经营性 储备 意向 上市 块 街道 市容 片 成套 小高层 多层 "
    "活跃 最 这 那 城际"
)

STOP_WORDS = frozenset(_BEFORE)
KIND_WORDS = frozenset(_KIND_WORDS) - frozenset(_BEFORE)
"""Words that a name may hold, and that make none."""
_STOP = re.compile("|".join(sorted(_BEFORE, key=len, reverse=True)))
_HEAD = re.compile(f"^(?:{_STOP.pattern}|[与及对在由于至到从的等除把使])+")
_KIND = re.compile(
    f"(?:{'|'.join(sorted({*_KIND_WORDS, *_BEFORE}, key=len, reverse=True))}|[{_NEVER_FIRST}])*"
)
_LONG = tuple(word for word in {*_KIND_WORDS, *_BEFORE} if len(word) > 1)
_COUNTING = frozenset("各本该此其某这那每两几多数个家条类批级大小老旧全不无有的总")
_STOPS = {last: tuple(w for w in _BEFORE if w[-1] == last) for last in {w[-1] for w in _BEFORE}}
"""The words that end before a name, by their last character."""
MAX_PARTICLES = 40
"""Characters before the longest name that are looked at: 与, 和, … may stand in front of it."""
_GROUND = frozenset("路街道河江浜港弄号桥线")
"""Words before 至 and 到 in a stretch: 仙霞路至 ends before a name."""


def begin_of(
    text: str,
    end: int,
    ends: Collection[int],
    longest: int,
    *,
    shortest: int = 2,
    also: tuple[str, ...] = (),
) -> int | None:
    """Where the name begins whose kind word (路, 医院, …) begins at `end`; None if unclear.

    The name reaches back to a mark of punctuation or the end of another place (`ends`), or to
    the last word that never stands inside a name, `also` included, whichever is nearer.

    >>> text = "推进武夷路"
    >>> text[begin_of(text, 4, (), 5):4]
    '武夷'
    >>> text = "完成和平路"
    >>> text[begin_of(text, 4, (), 5):4]
    '和平'
    """
    floor = max(0, end - longest - MAX_PARTICLES)
    text_bounds = bounds(text, also)
    low, least = end, max(floor, text_bounds.runs[end], text_bounds.houses[end])
    while low > least and low not in ends:
        low -= 1
    if end - low < shortest:
        return None
    start = text_bounds.last_word(low, end - shortest)
    if start == low == floor and floor:
        return None
    if start in ends and text[start] == "和":
        start += 1
    start = _without_particle(text, start, end, shortest, after_word=start > low or low in ends)
    return start if shortest <= end - start <= longest else None


@dataclass(frozen=True, slots=True)
class Bounds:
    """For each offset of a text, what bounds a name that ends there; worked out in one pass."""

    runs: list[int]
    """Where the run of Chinese characters begins."""
    houses: list[int]
    """Where the last house number, lane or lot ends: 弄 in 1290弄."""
    words: list[int]
    """Where the last word ends that no name holds."""
    lengths: list[int]
    """The length of the shortest such word that ends there; 0 where none does."""

    def last_word(self, low: int, at: int) -> int:
        """Return where the last such word ends that lies between `low` and `at`, else `low`."""
        at = self.words[at]
        while at > low and at - self.lengths[at] < low:
            at = self.words[at - 1]
        return max(at, low)


@lru_cache(maxsize=64)
def bounds(text: str, also: tuple[str, ...]) -> Bounds:
    """Return the bounds of a text; `also` are more words that no name holds."""
    made = Bounds([0], [0], [0], [0])
    run = house = word = 0
    for at, char in enumerate(text, 1):
        if not is_han(char):
            run = at
        elif char in "号弄丘" and text[at - 2 : at - 1].isdigit():
            house = at
        stops = _STOPS.get(char, ())
        lengths = [len(w) for w in stops if text.endswith(w, 0, at)] if stops else []
        lengths += [len(w) for w in also if text.endswith(w, 0, at)]
        word = at if lengths else word
        made.runs.append(run)
        made.houses.append(house)
        made.words.append(word)
        made.lengths.append(min(lengths, default=0))
    return made


def is_han(char: str) -> bool:
    """Return whether `HAN` has a character."""
    return "\u4e00" <= char <= "\u9fff" or char in "\u3007·"


def parted(before: str, also: tuple[str, ...]) -> bool:
    """Return whether `before` ends with a word that no name holds, `also` included."""
    return before.endswith(_STOPS.get(before[-1:], ())) or before.endswith(also)


def _without_particle(text: str, start: int, end: int, shortest: int, *, after_word: bool) -> int:
    """Past the particles at the head: 与 never begins a name, 和 does in 和平路.

    In a long run a conjunction parts what is a name from what only stands before it.
    """
    while end - start > shortest:
        if text[start] in _NEVER_FIRST or (
            text[start] in _SELDOM_FIRST and end - start > 3 and (after_word or text[start] != "和")
        ):
            start += 1
        else:
            break
    if end - start > 6:
        for at in range(end - shortest, start + 1, -1):
            char = text[at - 1]
            if char in "与及和" or (char in "至到" and text[at - 2] in _GROUND):
                return at
    return start


@lru_cache(maxsize=4096)
def is_proper(stem: str) -> bool:
    """Return whether a stem holds more than words for kinds of things, and words before names.

    >>> is_proper("社区卫生服务"), is_proper("江苏卫生"), is_proper("加快推进东")
    (False, True, False)
    """
    bare = _HEAD.sub("", stem)
    return len(bare) >= 2 and _KIND.fullmatch(bare) is None


@lru_cache(maxsize=4096)
def is_word_free(stem: str) -> bool:
    """Return whether a short stem holds no word that this module knows: 国和, but not 每条.

    Roads are called after anything; only words, and characters that count, tell them apart.
    """
    return not any(word in stem for word in _LONG) and not _COUNTING & set(stem)


def before_works(run: str) -> str:
    """The head of a run of characters, up to the first word of works (收储, 改造, 项目, …)."""
    stop = _STOP.search(run)
    return run[: stop.start()] if stop else run
