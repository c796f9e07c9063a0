"""What runs in which order: the notebooks through papermill, the exports, the manifest, and where files end up."""
