"""The chapters: templates of `scheme/narrative/` rendered with the helpers of `helpers`, as blocks of spans."""

import difflib
import re
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from analysis.scheme.problems import SchemeError, SchemeProblem
from analysis.scheme.table import decoded
from analysis.telling.helpers import HELPER_OF, Helpers, TellingError
from analysis.telling.markers import Marks, blocks_of
from analysis.telling.material import Material
from analysis.telling.spans import Chapter


def read_narrative(folder: Path) -> dict[str, str]:
    """Read the chapter templates, in the order of their names.

    Raises:
        SchemeError: there is none, or one can't be read.
    """
    templates: dict[str, str] = {}
    for path in sorted(folder.glob("*.md")):
        try:
            templates[path.name] = decoded(path)
        except (OSError, ValueError) as error:
            problem = SchemeProblem(
                f"scheme/narrative/{path.name}", 0, "", f"文件读不出来（{error}）", "请用 UTF-8 编码保存"
            )
            raise SchemeError([problem]) from error
    if not templates:
        raise SchemeError([SchemeProblem("scheme/narrative", 0, "", "没有章节模板", "请从备份中恢复")])
    return templates


class _Templates(BaseLoader):
    """Templates from memory that keep their names in tracebacks, so that an error can name file and line."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._templates = templates

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:  # noqa: ARG002 - jinja2's
        if template not in self._templates:
            raise TemplateNotFound(template)
        return self._templates[template], template, None


def tell_chapters(material: Material, templates: Mapping[str, str]) -> tuple[list[Chapter], Helpers]:
    """Render the chapters.

    Args:
        material: what is told.
        templates: the chapters' templates by file name, in order.

    Returns:
        The chapters, and the helpers, which know what was told, which gaps there are and which problems lack a measure.

    Raises:
        SchemeError: a template is wrong, tells a row twice or leaves one out; with file, line and remedy.
    """
    helpers = Helpers(material)
    chapters = render_chapters(helpers, templates)
    see_that_all_is_told(helpers)
    return chapters, helpers


def render_chapters(helpers: Helpers, templates: Mapping[str, str]) -> list[Chapter]:
    """Render templates with helpers, of a township or of a county; what they tell of twice or leave out is the caller's.

    Raises:
        SchemeError: a template is wrong; with file, line and remedy.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=_Templates(templates), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    )
    environment.globals.update(helpers.names())
    chapters = []
    for name in templates:
        helpers.marks = Marks()
        helpers.place = name
        try:
            rendered = environment.get_template(name).render()
        except TemplateSyntaxError as error:
            raise _told(
                name, error.lineno, f"模板写法有误（{error.message}）", "请对照 docs/scheme.md 检查花括号和引号"
            ) from error
        except TellingError as error:
            raise _told(name, _line(error, name), error.found, error.remedy) from error
        except UndefinedError as error:
            raise _told(name, _line(error, name), *_unknown(str(error), helpers.names())) from error
        except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
            remedy = "请对照 docs/scheme.md 检查所用的名称和参数"
            raise _told(name, _line(error, name), f"模板不能用（{error}）", remedy) from error
        try:
            chapters.append(Chapter(name, tuple(blocks_of(rendered, helpers.marks, _prefix(name)))))
        except ValueError as error:
            raise _told(name, 0, str(error), "请改正拼写") from error
    return chapters


def see_that_all_is_told(helpers: Helpers, folder: str = "scheme/narrative") -> None:
    """See that the templates of a folder told every row that they have to.

    Raises:
        SchemeError: some were left out; each with the helper that tells it.
    """
    problems = []
    for code in helpers.left_out():
        indicator = helpers.material.scheme[code]
        found = f"没有讲到 {code}（{indicator.section or indicator.chapter}：{indicator.name}）"
        helper = HELPER_OF[indicator.kind]
        remedy = f"请在相应章节用 {helper} 讲这一行，如 {{{{ {helper.split()[0]}('{code}') }}}}"
        problems.append(SchemeProblem(folder, 0, "", found, remedy))
    if problems:
        raise SchemeError(problems)


def _prefix(name: str) -> str:
    """The anchors of a chapter begin with the number of its file, which another file put before it leaves alone."""
    return "c" + re.sub(r"\W", "", name.removesuffix(".md").partition("-")[0])


def _unknown(message: str, known: Iterable[str]) -> tuple[str, str]:
    """A name that no helper has, with the nearest that one has."""
    match = re.match(r"'(\w+)' is undefined", message)
    if match is None:
        return f"模板不能用（{message}）", "请对照 docs/scheme.md 检查所用的名称"
    near = difflib.get_close_matches(match[1], known, n=1)
    hint = f"是否是“{near[0]}”？" if near else ""
    return f"没有“{match[1]}”这个名称", f"{hint}可用的名称见 docs/scheme.md"


def _told(name: str, line: int, found: str, remedy: str) -> SchemeError:
    return SchemeError([SchemeProblem(f"scheme/narrative/{name}", line, "", found, remedy)])


def _line(error: BaseException, name: str) -> int:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    return (frames[-1].lineno or 0) if frames else 0
