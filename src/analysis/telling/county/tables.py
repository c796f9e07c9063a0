"""The county at a glance as frames, for a notebook to show."""

import pandas as pd

from analysis.figures.county.spread import ranked
from analysis.telling.county.material import CountyMaterial


def overview(material: CountyMaterial) -> pd.DataFrame:
    """Who has returned, and how clean: a row a township; in an edition to share without the number of findings."""
    frame = pd.DataFrame(
        [
            {
                "乡镇": material.names_of_towns[row.town],
                "汇总情况": row.state,
                "应报部门": row.departments,
                "欠报部门": "、".join(row.owed),
                "错误": row.errors,
                "其中豁免": row.waived,
                "疑问": row.warnings,
            }
            for row in material.returned
        ]
    )
    return frame.drop(columns=["错误", "其中豁免", "疑问"]) if material.shared else frame


def ranking(material: CountyMaterial) -> pd.DataFrame:
    """The townships by what they have done of what they are assessed on, the best first."""
    return pd.DataFrame(
        [
            {
                "名次": rank.place,
                "并列": "是" if rank.tied else "",
                "乡镇": material.names_of_towns[rank.town],
                "考核指标": rank.assessed,
                "完成": rank.done,
                "未上报": rank.not_reported,
                "完成比例": f"{float(rank.share):.1%}",
            }
            for rank in ranked(material.rolled.standings)
        ]
    )
