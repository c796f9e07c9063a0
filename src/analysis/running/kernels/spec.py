"""A kernelspec for the warm kernels, for JupyterLab and whoever else picks a kernel by its name.

python -m analysis.running.kernels.spec           into this environment
python -m analysis.running.kernels.spec FOLDER    into a folder of Jupyter's data, such as ~/.local/share/jupyter
"""

import json
import sys
from pathlib import Path
from typing import Any

from analysis.running.kernels.provisioner import NAME

SPEC: dict[str, Any] = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3（township-report，预热）",
    "language": "python",
    "kernel_protocol_version": "5.5",
    "metadata": {
        "debugger": True,
        "supported_encryption": ["curve"],
        "kernel_provisioner": {"provisioner_name": NAME, "config": {}},
    },
}
"""jupyter_client puts its own interpreter for `python`: the one that has the provisioner, which is the one that can fork."""


def install(data: Path | None = None) -> Path:
    """Write the kernelspec into a folder of Jupyter's data.

    Args:
        data: the folder; by default this environment's `share/jupyter`.

    Returns:
        The kernelspec's own folder.
    """
    folder = (data or Path(sys.prefix) / "share" / "jupyter") / "kernels" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(SPEC, ensure_ascii=False, indent=1) + "\n"
    (folder / "kernel.json").write_text(text, encoding="utf-8")
    return folder


if __name__ == "__main__":
    print(install(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
