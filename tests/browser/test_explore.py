def test_x(visit):
    p = visit("student")
    p.on("response", lambda r: print(r.status, r.url))
    p.goto("/lessons/streets-and-leaders/")
    print(p.title())
