"""The activity types and sources that every installation starts with; admins add their own beside them."""

from __future__ import annotations

from django.apps.registry import Apps

ACTIVITY_TYPES = [
    ("page_view", "Page view", "ページ閲覧", "eye"),
    ("price_view", "Pricing page view", "価格ページ閲覧", "badge-japanese-yen"),
    ("compare_view", "Feature comparison view", "機能比較ページ閲覧", "scale"),
    ("case_view", "Case study view", "導入事例閲覧", "book-open"),
    ("page_dwell", "Time on page", "ページ滞在", "timer"),
    ("link_click", "Link click on the website", "Webサイト内のリンクのクリック", "mouse-pointer"),
    ("file_download", "File download", "ファイルのダウンロード", "file-down"),
    ("email_open", "Email open", "メール開封", "mail-open"),
    ("email_click", "Email link click", "メール内リンクのクリック", "mouse-pointer-click"),
    ("email_bounce", "Email bounce", "メール不達", "mail-x"),
    ("document_request", "Document request", "資料請求", "file-text"),
    ("whitepaper_download", "White paper download", "ホワイトペーパーのダウンロード", "download"),
    ("webinar_attend", "Webinar attendance", "ウェビナー参加", "monitor-play"),
    ("event_attend", "Exhibition or seminar visit", "展示会・セミナー参加", "calendar-check"),
    ("business_card", "Business card", "名刺交換", "id-card"),
    ("survey_answer", "Survey response", "アンケート回答", "list-checks"),
    ("trial_start", "Free trial start", "無料トライアル開始", "rocket"),
    ("demo_request", "Demo booking", "デモ予約", "presentation"),
    ("quote_request", "Quote request", "見積依頼", "receipt"),
    ("chat_question", "Chat question", "チャットでの質問", "message-circle"),
    ("form_submit", "Form submission", "フォーム送信", "square-pen"),
    ("phone_call", "Phone call", "電話", "phone"),
    ("reply_card", "Reply card", "返信ハガキ", "mailbox"),
    ("complaint", "Complaint", "クレーム", "triangle-alert"),
    ("unsubscribe", "Unsubscribe", "配信停止", "bell-off"),
]

# These say nothing of a wish to buy, and some the contrary; what we did ourselves is none of the lead's doing.
NO_INTEREST = ("complaint", "email_bounce", "phone_call", "unsubscribe")

# The kinds of values of properties that come with an activity; admins and files add their own.
PROPERTY_TYPES = {
    **{code: {"seconds": "number"} for code in ("page_view", "price_view", "compare_view", "case_view")},
    "page_dwell": {"seconds": "number"},
    **{code: {"minutes": "number"} for code in ("webinar_attend", "event_attend", "phone_call")},
    "quote_request": {"amount": "number", "seats": "number"},
}

SOURCES = [
    ("organic_search", "Organic search", "自然検索", "search"),
    ("paid_search", "Paid search", "リスティング広告", "ads"),
    ("display", "Display advertising", "ディスプレイ広告", "ads"),
    ("social", "Social media", "SNS", "social"),
    ("email", "Email", "メール", "email"),
    ("direct_traffic", "Direct traffic", "直接流入", "web"),
    ("website_link", "Link on another website", "他サイトのリンク", "web"),
    ("referral", "Referral", "紹介", "referral"),
    ("webinar", "Webinar", "ウェビナー", "webinar"),
    ("exhibition", "Exhibition", "展示会", "event"),
    ("seminar", "Seminar", "セミナー", "event"),
    ("phone", "Phone", "電話", "phone"),
    ("other", "Other", "その他", "other"),
]


def ship(apps: Apps) -> None:
    """Add the rows to an installation that has none of them; `apps` gives the models as a migration knows them."""
    activity_type, source = apps.get_model("leads", "ActivityType"), apps.get_model("leads", "Source")
    activity_type.objects.bulk_create(
        activity_type(
            code=code,
            label_en=english,
            label_ja=japanese,
            icon=icon,
            is_built_in=True,
            property_types=PROPERTY_TYPES.get(code, {}),
            is_interest=code not in NO_INTEREST,
        )
        for code, english, japanese, icon in ACTIVITY_TYPES
    )
    source.objects.bulk_create(
        source(code=code, label_en=english, label_ja=japanese, channel=channel)
        for code, english, japanese, channel in SOURCES
    )
