"""The site (站点): the reports of all towns and periods as static pages, to be read from a disk, a share or a server."""

from analysis.running.site.publish import Asked, Outcome, publish_site

__all__ = ["Asked", "Outcome", "publish_site"]
