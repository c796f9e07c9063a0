"""Chinese numerals as digits: 一百二十 is 120, 二〇二一 is 2021, 三点五 is 3.5."""

DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True)) | {
    "两": "2", "壹": "1", "贰": "2", "叁": "3", "肆": "4", "伍": "5", "陆": "6", "柒": "7", "捌": "8", "玖": "9",
}  # fmt: skip
TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
NUMERALS = "".join((*DIGITS, *TENS, *MYRIADS))


def digits_of(numeral: str) -> str:
    """The digits of a Chinese numeral, as they would be typed: no leading zeros are kept but those of 〇 by itself."""
    whole, point, decimals = numeral.partition("点")
    if point:
        return f"{digits_of(whole)}.{''.join(DIGITS.get(c, '') for c in decimals)}"
    if all(character in DIGITS for character in numeral):
        return "".join(DIGITS[character] for character in numeral)
    total = section = number = 0
    for character in numeral:
        if character in DIGITS:
            number = int(DIGITS[character])
        elif character in TENS:
            section += (number or 1) * TENS[character]
            number = 0
        else:
            total = (total + section + number or 1) * MYRIADS[character]
            section = number = 0
    return str(total + section + number)


def percent_of(numeral: str) -> str:
    """百分之五点二 is 5.2, 三分之二 is 2/3."""
    whole, _, part = numeral.partition("分之")
    if whole == "百":
        return digits_of(part)
    return f"{digits_of(part)}/{digits_of(whole)}"
