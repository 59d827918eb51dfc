from maskline.api.result import Result
from maskline.domain.message import SendResult
from maskline.domain.release import ReleaseCode
from maskline.manage.code_book import read_codes


def test_every_code_has_a_meaning_and_a_cure_in_both_languages():
    known = {(code.kind, code.code) for code in read_codes()}
    wanted = {
        *(("release", str(int(code))) for code in ReleaseCode),
        *(("result", result.code) for result in Result),
        *(("message", str(int(result))) for result in SendResult),
    }
    assert wanted == known


def test_no_code_stands_twice_and_no_word_is_missing():
    codes = read_codes()
    assert len({(code.kind, code.code) for code in codes}) == len(codes)
    for code in codes:
        assert all((code.en.text, code.en.cure, code.zh.text, code.zh.cure))
