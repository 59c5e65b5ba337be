class _P:
    def __init__(s,g): s.g=g
    def __call__(s,r): return s.g(r)
class RequestId(_P): pass
class Policy(_P): pass
class DomainErrors(_P): pass
