"""Why a file can't be taken as a return: refusals, each with its remedy."""


class Refusal(Exception):  # noqa: N818  it is an answer to the department, not a fault of the program
    """A file is not taken; `reason` and `remedy` are Chinese sentences for the department that sent it."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{reason}。{remedy}。")


def no_workbook() -> Refusal:
    """The refusal of a file that is something else."""
    return Refusal("文件不是 Excel 工作簿", "请用 Excel 或 WPS 打开空白上报表填写，保存为 .xlsx 后再报")


def damaged() -> Refusal:
    """The refusal of a file that can't be opened."""
    return Refusal("文件已损坏，打不开", "请在 Excel 或 WPS 中重新打开原表，另存为“Excel 工作簿（.xlsx）”后再报")


def password() -> Refusal:
    """The refusal of a file that asks for a password."""
    return Refusal("文件设有打开密码，读不了", "请在 Excel 或 WPS 中取消打开密码，保存后再报")


def too_large(what: str, remedy: str = "请把数据复制到空白上报表中，另存后再报") -> Refusal:
    """The refusal of a file beyond a bound."""
    return Refusal(f"文件超出能读取的大小（{what}）", remedy)
