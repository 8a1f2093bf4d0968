"""Election law as data and one exact engine: who is elected, who advances, ties, next rounds, recounts.

    text         the language of the law files       law           the values they become
    tally        a contest and its votes             count         who is ahead, and every denominator
    predicates   the tests, each a question          engine        the outcome, a column of steps
    sentences    what decided, in words              recounts      provisions read at the cut
    places       slots, and the outright win         description   a rule line by line, for people

docs/rules/index.md explains every word of a rule.
"""
