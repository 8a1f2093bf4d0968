"""The desk in a browser: one process that shows what needs a person, and records what people decide, and one beside it that judges.

    accounts, sessions, attempts   who may come in, and who is in
    board, log                     what is shown, as values
    judged                         the record judged, as it travels from the process that judges
    keeper, live                   the last good view of the record, judged anew when the record moves, and told to every open page
    hand, changes                  what a person typed, as an entry; what recording it would change
    pages, actions, api            what each address answers, in HTML and in JSON
    front, app                     headers, logs and figures around all of it; the application

Pages are whole without a script. Every action is shown before it is recorded, and is then one more event of the ledger.
"""
