"""What business the service must not be used for (`spec/rules.md` 1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProhibitedBusiness:
    """One sort of business: its code, its class, and what it is called."""

    code: str
    group: str
    en: str
    zh: str


PROHIBITED = tuple(
    ProhibitedBusiness(*row)
    for row in (
        ("loans", "finance", "Loans and usury", "贷款、高利贷"),
        ("dunning", "finance", "Collection of debts", "催收"),
        ("precious_metals", "finance", "Trade in precious metals", "贵金属交易"),
        ("stocks", "finance", "Stock software, stock tips, futures", "股票软件、荐股、期货"),
        ("insurance", "finance", "Financial insurance", "金融保险"),
        ("internet_finance", "finance", "Internet finance", "互联网金融"),
        ("medicine", "marketing", "Sale of medicine", "药品销售"),
        ("retail", "marketing", "Retail promotion", "零售促销"),
        ("new_houses", "marketing", "Marketing of new houses, estate agency", "新房营销、房产中介"),
        ("decoration", "marketing", "Decoration", "装修"),
        ("sales_calls", "marketing", "Sales call-backs", "销售回访"),
        ("education", "education", "Education and study abroad", "教育推广、留学"),
        ("call_centre", "call_centre", "Outbound calls of call centres", "呼叫中心外呼"),
        ("blind_calls", "call_centre", "Blind calls of agents", "坐席盲呼"),
        ("robots", "call_centre", "Outbound calls of robots", "机器人外呼"),
        ("counselling", "other", "Psychological counselling", "心理咨询"),
        ("legal", "other", "Legal consulting", "法律咨询"),
        ("massage", "other", "On-site massage", "上门按摩、足疗"),
        ("recruitment", "other", "Recruitment platforms", "招聘平台"),
        ("local_life", "other", "Local-life platforms", "本地生活平台"),
        ("ticketing", "other", "Ticketing", "票务"),
        ("bookkeeping", "other", "Invoicing and bookkeeping agencies", "代开发票、代理记账"),
        ("carrier", "other", "Carrier business, POS sales", "运营商业务、POS 机销售"),
        ("tobacco", "other", "Tobacco, alcohol, tea", "烟、酒、茶"),
        ("games", "other", "Games", "游戏"),
        ("verification", "other", "Registration and log-in codes", "注册、登录验证"),
        ("auctions", "other", "Auctions and collectibles", "拍卖、收藏品"),
        ("fake_reviews", "other", "Fake reviews", "刷单、虚假评价"),
        ("aesthetics", "other", "Medical aesthetics", "医疗美容"),
        ("dating", "other", "Social and dating", "社交、婚恋"),
        ("move_car", "other", "Scan-to-move-car codes", "扫码挪车"),
        (
            "illegal",
            "other",
            "Anything illegal, or not allowed",
            "违法或运营商禁止的业务",
        ),
    )
)
"""All of them, in the order of the table."""

CODES = frozenset(one.code for one in PROHIBITED)
