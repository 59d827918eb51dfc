"""What the demo says, in English and in Chinese."""

from enum import StrEnum


class Language(StrEnum):
    """The languages of the demo's texts."""

    ENGLISH = "en"
    CHINESE = "zh"


def choose_language(wanted: str | None) -> Language:
    """`zh`, `zh_CN.UTF-8` and the like are Chinese; everything else is English."""
    return Language.CHINESE if (wanted or "").lower().startswith("zh") else Language.ENGLISH


STARTED = {
    Language.ENGLISH: """
maskline demo is running.
  console     {console}
  API         {api}
  SIP         {sip} (UDP, TCP)
  numbers     {numbers}
  details     {path}
Next, in another terminal: {program} demo call
Ctrl-C stops it.
""",
    Language.CHINESE: """
maskline 演示已启动。
  控制台      {console}
  接口        {api}
  SIP         {sip}(UDP、TCP)
  虚拟号码    {numbers}
  详细信息    {path}
下一步,另开一个终端:{program} demo call
按 Ctrl-C 停止。
""",
}

STOPPED = {
    Language.ENGLISH: "maskline demo has stopped.",
    Language.CHINESE: "maskline 演示已停止。",
}

TITLES = {
    Language.ENGLISH: {
        "binding": "Binding (this is all that your server has to do;\n"
        'to send it yourself, first: eval "$(maskline demo env)"):',
        "ladder": "The call, in seconds from A's INVITE (each phone's own SIP messages):",
        "events": "What your server was told:",
        "record": "The call record:",
        "heard": "What they heard:",
        "saw": "What they saw:",
        "hears": "{who} plays {plays} Hz and hears {hears}",
        "nothing": "nothing",
        "no_leak": "No trace of A in what B received, nor of B in what A received.",
        "ok": "A ({a}) and B ({b}) talked through X ({x}); neither saw the other's number.",
        "signed": "signature {state}",
    },
    Language.CHINESE: {
        "binding": "绑定(您的服务器只需做这一步;\n"
        '自行发送前请先执行: eval "$(maskline demo env)"):',
        "ladder": "通话过程,自 A 的 INVITE 起的秒数(双方话机各自的 SIP 消息):",
        "events": "推送给您的服务器的事件:",
        "record": "话单:",
        "heard": "双方听到的:",
        "saw": "双方看到的:",
        "hears": "{who} 播放 {plays} Hz,听到 {hears}",
        "nothing": "无",
        "no_leak": "B 收到的内容中没有 A 的任何痕迹,A 收到的内容中也没有 B 的任何痕迹。",
        "ok": "A({a})与 B({b})通过 X({x})通话,彼此都看不到对方号码。",
        "signed": "签名 {state}",
    },
}

FAILURES = {
    Language.ENGLISH: {
        "tone": "{who} did not hear the other's tone of {frequency} Hz alone, but: {heard}",
        "silence": "{who} heard nothing",
        "event": "these events did not come in order: expected {expected}, got {got}",
        "record": "the call record did not come",
        "signature": "a push came with a signature that is {state}",
        "leak": "{who} received the other's {what} in {where}",
        "shown": "B was shown {shown} instead of X ({x})",
        "step": "{step} did not happen in time",
        "ended": "the call ended too early: {why}",
        "refused": "the platform refused the binding: {why}",
        "unreachable": "the demo does not answer at {where}; is `make run` still running?",
        "incomplete": "demo.json lacks {what}; start the demo again",
    },
    Language.CHINESE: {
        "tone": "{who} 没有单独听到对方的 {frequency} Hz 音,而是:{heard}",
        "silence": "{who} 什么也没听到",
        "event": "事件未按顺序到达:应为 {expected},实为 {got}",
        "record": "没有收到话单",
        "signature": "推送的签名{state}",
        "leak": "{who} 在 {where} 中收到了对方的 {what}",
        "shown": "B 看到的是 {shown},而不是 X({x})",
        "step": "{step} 没有按时发生",
        "ended": "通话过早结束:{why}",
        "refused": "平台拒绝了绑定:{why}",
        "unreachable": "{where} 没有应答;`make run` 还在运行吗?",
        "incomplete": "demo.json 缺少 {what};请重新启动演示",
    },
}
