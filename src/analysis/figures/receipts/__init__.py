"""What a department gets back (审核回执): its findings, its problems to answer, what was forgiven and what was corrected."""
