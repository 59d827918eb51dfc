"""What `maskline demo voice` says, in English and in Chinese."""

from maskline.lab.demo.text import Language

SAYS = {
    Language.ENGLISH: {
        "prompts": "Prompts (uploaded and approved by the management API): {names}",
        "binding": "Binding with a waiting tone, a recording and its notice\n"
        '(to send it yourself, first: eval "$(maskline demo env)"):\n  {request}',
        "calling": "A ({a}) dials X ({x}); B ({b}) rings for {ring:.0f} s, answers, and both talk.",
        "timeline": "Who heard what, a sign for {slice:g} s, from A's INVITE:",
        "legend": "w waiting tone   h recording notice   a A's voice   b B's voice   "
        "+ both   . silence   REC the recording",
        "record": "The recording, in the call record and as a file:",
        "spans": "In the recording, from its beginning:",
        "silence": "silence",
        "files": "  object name  {object_name}\n  bucket       {bucket}\n  domain       {domain}\n"
        "  link         {link}\n  downloaded   {path}\n"
        "               {seconds:.2f} s, {size} bytes, A-law WAV: any player plays it",
        "ok": "A waited with a tone, both heard that they are recorded, and the recording holds "
        "what they said.",
        "A": "what A heard",
        "B": "what B heard",
        "recording": "the recording",
    },
    Language.CHINESE: {
        "prompts": "放音文件(通过管理接口上传并审核):{names}",
        "binding": "绑定,含等待音、录音和录音提示音\n"
        '(自行发送前请先执行: eval "$(maskline demo env)"):\n  {request}',
        "calling": "A({a})拨打 X({x});B({b})振铃 {ring:.0f} 秒后接听,双方通话。",
        "timeline": "谁在何时听到什么,每个符号 {slice:g} 秒,自 A 的 INVITE 起:",
        "legend": "w 等待音   h 录音提示音   a A 的声音   b B 的声音   + 两人同时   . 静音   "
        "REC 录音",
        "record": "录音,在话单中和作为文件:",
        "spans": "录音内容,自录音开始起:",
        "silence": "静音",
        "files": "  文件名  {object_name}\n  存储桶  {bucket}\n  域名    {domain}\n"
        "  链接    {link}\n  已下载  {path}\n"
        "          {seconds:.2f} 秒,{size} 字节,A 律 WAV,任何播放器均可播放",
        "ok": "A 等待时听到等待音,双方都听到了录音提示,录音中是他们所说的内容。",
        "A": "A 听到的",
        "B": "B 听到的",
        "recording": "录音",
    },
}

FAILURES = {
    Language.ENGLISH: {
        "incomplete": "demo.json lacks {what}; start the demo again",
        "refused": "the platform refused {what}: {why}",
        "unreachable": "the demo does not answer at {where}; is `make run` still running?",
        "step": "{step} did not happen in time",
        "ended": "the call ended too early: {why}",
        "heard": "{who} is not as it should be: {first} ({count} such places)",
        "record": "the call record did not come",
        "none": "the call record names no recording",
        "write": "the recording cannot be written to {path}: {why}",
    },
    Language.CHINESE: {
        "incomplete": "demo.json 缺少 {what},请重新启动演示",
        "refused": "平台拒绝了{what}:{why}",
        "unreachable": "演示在 {where} 没有应答,`make run` 还在运行吗?",
        "step": "{step} 没有按时发生",
        "ended": "通话过早结束:{why}",
        "heard": "{who} 与预期不符:{first}(共 {count} 处)",
        "record": "没有收到话单",
        "none": "话单中没有录音",
        "write": "录音无法写入 {path}:{why}",
    },
}
