"""The lists of an SQL database, each as `ListSql`."""

from collections.abc import Callable

from maskline.services import list_order as order
from maskline.services.page import ListOrder
from maskline.stores.list_sql import ListSql
from maskline.stores.named_sql import NamedSql


class Lists:
    """All of them. With `joins_parts` the database reads many parts of a list in one statement."""

    def __init__(self, load: Callable[[str], NamedSql], *, joins_parts: bool) -> None:
        conditions = load("list")

        def of(select: str, its_order: ListOrder) -> ListSql:
            return ListSql(select, its_order, conditions, joins_parts)

        directory, message, block = load("directory"), load("message"), load("message_list")
        bindings = load("binding").list_all
        self.tenants = of(directory.tenant_list, order.TENANTS)
        self.applications = of(directory.application_list, order.APPLICATIONS)
        self.numbers = of(directory.number_list, order.NUMBERS)
        self.bindings = of(bindings, order.BINDINGS)
        self.newest_bindings = of(bindings, order.NEWEST_BINDINGS)
        self.ended_bindings = of(load("ended_binding").ended_list, order.ENDED_BINDINGS)
        self.calls = of(load("call").call_list, order.CALLS)
        self.records = of(load("call").record_list, order.RECORDS)
        self.recordings = of(load("recording").recording_list, order.RECORDINGS)
        self.notices = of(load("notice").notice_list, order.NOTICES)
        self.messages = of(message.message_list, order.MESSAGES)
        self.blocks = of(block.block_list, order.BLOCKS)
        rule = load("call_rule")
        self.call_blocks = of(rule.block_list, order.CALL_BLOCKS)
        self.frequency_rules = of(rule.rule_list, order.FREQUENCY_RULES)
        self.postings = of(load("billing").posting_list, order.POSTINGS)
        dossiers = load("dossier").dossier_list
        self.dossiers = of(dossiers, order.DOSSIERS)
        self.waiting_dossiers = of(dossiers, order.WAITING_DOSSIERS)
        life = load("number_life")
        self.unnamed_numbers = of(life.unnamed_list, order.UNNAMED_NUMBERS)
        self.stock = of(life.stock_list, order.STOCK)
        self.number_events = of(life.event_list, order.NUMBER_EVENTS)
        self.prompts = of(load("prompt").prompt_list, order.PROMPTS)
        self.registrants = of(load("registrant").registrant_list, order.REGISTRANTS)
