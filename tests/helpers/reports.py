"""Reports of failure as mail servers write them (RFC 3464)."""


def report(status: str = "5.1.1", action: str = "failed") -> bytes:
    """Return a report about one recipient."""
    return f"""From: MAILER-DAEMON@mx.exemple.fr
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.fr
Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; zoe@exemple.fr
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b1
Content-Type: text/rfc822-headers

Subject: Vos actualites

--b1--
""".replace("\n", "\r\n").encode()
