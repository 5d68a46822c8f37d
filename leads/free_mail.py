"""Domains under which anybody has an address: they say nothing about where somebody works."""

from __future__ import annotations

DOMAINS = (
    "gmail.com googlemail.com yahoo.co.jp yahoo.com yahoo.ne.jp ymail.ne.jp ymail.com outlook.com outlook.jp"
    " hotmail.com hotmail.co.jp live.jp live.com msn.com icloud.com me.com mac.com aol.com aol.jp gmx.de"
    " gmx.net web.de t-online.de mail.com proton.me protonmail.com pm.me zoho.com yandex.ru yandex.com mail.ru"
    " qq.com 163.com 126.com naver.com daum.net hanmail.net docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp"
    " i.softbank.jp vodafone.ne.jp disney.ne.jp ymobile.ne.jp willcom.com emobile.ne.jp pdx.ne.jp rakuten.jp"
    " nifty.com nifty.ne.jp so-net.ne.jp biglobe.ne.jp ocn.ne.jp plala.or.jp dion.ne.jp infoseek.jp"
    " excite.co.jp goo.jp goo.ne.jp mail.goo.ne.jp livedoor.com hi-ho.ne.jp asahi-net.or.jp jcom.home.ne.jp"
    " jcom.zaq.ne.jp eonet.ne.jp commufa.jp wakwak.com comcast.net verizon.net att.net orange.fr free.fr"
    " laposte.net libero.it btinternet.com"
)
FREE_MAIL = frozenset(DOMAINS.split())


def is_free_mail(domain: str) -> bool:
    return domain.lower() in FREE_MAIL
