"""Does the curriculum agree with itself? Figures, names and citations of every text, held against all the others. Pure.

quantities: years, days and numbers, however written;  statements: texts cut into sentences with what they cite;
witnesses: what vouches for a figure or a name;  fitting: whether a citation fits its sentence;  consistency: links with
their terms, figures with their words. `lessons/proofs.py` and `quizzes/proofs.py` bring the texts.
"""
