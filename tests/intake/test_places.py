"""Paths are found from the project's root, wherever the notebook runs."""

from pathlib import Path

import pytest

from analysis.intake.places import project_path, project_root


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "scheme").mkdir()
    (tmp_path / "scheme" / "indicators.csv").touch()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


def test_from_a_folder_within(project):
    assert project_path("data/raw") == project / "data" / "raw"


def test_from_the_root(project, monkeypatch):
    monkeypatch.chdir(project)
    assert project_path("scheme") == project / "scheme"


def test_absolute_paths_stay(project):
    assert project_path(project / "x") == project / "x"


def test_outside_of_the_project():
    with pytest.raises(FileNotFoundError, match="找不到项目文件夹"):
        project_root(Path("/"))
