"""What `maskline demo sms` says, in English and in Chinese."""

from maskline.lab.demo.text import Language

LONG = (
    "您好,您的快递已经放在小区南门的智能柜里,取件码是 4826,请在今晚十点之前取走。📦 "
    "如果需要送货上门,请直接回复这条短信,我看到以后会马上联系您,谢谢!🙏 "
    "Your parcel is in the locker at the south gate; the code is 4826. "
)
"""Three parts of UCS-2, with characters that are two units each."""

SAYS = {
    Language.ENGLISH: {
        "axb": "AXB: either party writes to X, the other gets it from X.",
        "ax": "AX: whoever writes to X reaches A, who sees the number and answers with @number.",
        "asked": "Your server is asked where a message goes (Block), then told how it ended "
        "(Notify).",
        "wrote": "{sender} -> {x}   {text}",
        "got": "    -> {number}, from {sender}, in {parts} part(s):   {text}",
        "nothing": "    -> nobody got it",
        "told": "    customer: {mode}{result}   [signature {signature}]",
        "ok": "Every message arrived from X, whole and unchanged, and every push was signed.",
    },
    Language.CHINESE: {
        "axb": "AXB 模式:任一方发短信给 X,另一方收到的短信显示为来自 X。",
        "ax": "AX 模式:任何人发给 X 的短信到达 A,A 看到对方号码,并以 @号码 回复。",
        "asked": "先询问您的服务器短信发往何处(Block),再通知结果(Notify)。",
        "wrote": "{sender} -> {x}   {text}",
        "got": "    -> {number},来自 {sender},共 {parts} 条:   {text}",
        "nothing": "    -> 无人收到",
        "told": "    客户服务器:{mode}{result}   [签名 {signature}]",
        "ok": "每条短信都显示为来自 X,内容完整无误,所有推送均已签名。",
    },
}

FAILURES = {
    Language.ENGLISH: {
        "incomplete": "demo.json lacks {what}; start the demo again",
        "refused": "the platform refused the binding: {why}",
        "unreachable": "the demo does not answer at {where}; is `make run` still running?",
        "not_taken": "the message centre could not hand over the message: {why}",
        "lost": "{number} did not get the message in time; `maskline message list` says more",
        "text": "{number} got another text: {text}",
        "sender": "{number} got it from {sender} instead of X ({x})",
        "push": "the notification of the message did not come",
        "result": "the notification says sendResult {result}",
        "signature": "a push came with a signature that is {state}",
    },
    Language.CHINESE: {
        "incomplete": "demo.json 缺少 {what},请重新启动演示",
        "refused": "平台拒绝了绑定:{why}",
        "unreachable": "{where} 没有应答;`make run` 还在运行吗?",
        "not_taken": "短信中心未能转交短信:{why}",
        "lost": "{number} 没有按时收到短信;`maskline message list` 可查看详情",
        "text": "{number} 收到的内容不同:{text}",
        "sender": "{number} 看到的发送方是 {sender},而不是 X({x})",
        "push": "没有收到短信通知",
        "result": "短信通知的 sendResult 为 {result}",
        "signature": "推送的签名{state}",
    },
}
