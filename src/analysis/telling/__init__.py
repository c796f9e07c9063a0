"""Stage 3, telling: from assessed indicators to the report, as data first: paragraphs of typed spans, tables, charts."""
