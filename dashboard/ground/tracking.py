"""The parameters that networks, mail programs and statistics append to a link; they mean nothing to the dashboard.

Only names that mean nothing else are here. A possibly mistyped filter (`ref`, `cid`, `source`) is not, and is
refused like any other unknown parameter.
"""

import re
from collections.abc import Mapping, Sequence

APPENDED: Mapping[str, tuple[str, ...]] = {
    "Google": ("_ga", "_gl", "dclid", "gad_campaignid", "gad_source", "gbraid", "gclid", "gclsrc", "srsltid", "wbraid"),
    "Facebook": (
        "fb_action_ids",
        "fb_action_types",
        "fb_ref",
        "fb_source",
        "fbclid",
        "mibextid",
        "sfnsn",
    ),
    "Instagram and Threads": ("ig_mid", "ig_rid", "igsh", "igshid", "igsi", "xmt"),
    "X": ("__twitter_impression", "ref_src", "ref_url", "twclid"),
    "LinkedIn": ("li_fat_id", "lipi", "midsig", "midtoken", "trackingid", "trk", "trkcampaign", "trkemail"),
    "TikTok": ("is_copy_url", "is_from_webapp", "sender_device", "tt_content", "tt_medium", "ttclid"),
    "Pinterest": ("epik",),
    "Snapchat": ("sc_channel", "sc_cid", "sccid"),
    "Reddit": ("rdt_cid",),
    "Quora": ("qclid",),
    "WeChat": ("isappinstalled", "nsukey"),
    "Yandex": ("_openstat", "yclid", "ymclid", "ysclid"),
    "Microsoft": ("msclkid", "msdynmkt_trackingcontext", "msdynttrid"),
    "Yahoo": ("guccounter", "guce_referrer", "guce_referrer_sig"),
    "Wikipedia": ("wprov",),
    "Adobe": ("ef_id", "s_cid", "s_kwcid"),
    "HubSpot": ("__hsfp", "__hssc", "__hstc", "_hsenc", "_hsmi", "hsctatracking"),
    "Marketo": ("mkt_tok",),
    "Mailchimp": ("ct_params",),
    "MailerLite": ("ml_subscriber", "ml_subscriber_hash"),
    "Brevo": ("_se",),
    "Klaviyo": ("_ke", "_kx"),
    "Kit and Drip": ("__s", "ck_subscriber_id"),
    "ActiveCampaign": ("vgo_ee",),
    "Dotdigital": ("dm_i",),
    "Bronto and Oracle": ("_bta_c", "_bta_tid", "elqtrack", "elqtrackid"),
    "Salesforce": ("et_rid", "sfmc_id", "sfmc_sub"),
    "Acoustic": ("spjobid", "spmailingid", "spreportid", "spuserid"),
    "Emarsys": ("sc_eh", "sc_lid", "sc_llid", "sc_src", "sc_uid"),
    "Customer.io": ("_cio_id", "cio_id"),
    "Beehiiv": ("_bhlid",),
    "Omnisend": ("omnisendattributionid", "omnisendcontactid"),
    "Listrak": ("trk_contact", "trk_module", "trk_msg", "trk_sid"),
    "Engaging Networks": ("ea.tracking.id", "ea.url.id"),
    "Vero": ("vero_conv", "vero_id"),
    "Outbrain and Taboola": ("dicbo", "tblci"),
    "Others": (
        "_branch_match_id",
        "_branch_referrer",
        "irclickid",
        "irgwc",
        "rb_clickid",
        "wickedid",
        "wt.mc_id",
        "wt_mc",
        "xtor",
    ),
}
"""Names in small letters, by the program that appends them."""

BEGINNINGS = (
    "at_",
    "bsft_",
    "hsa_",
    "itm_",
    "matomo_",
    "mc_",
    "mtm_",
    "oly_",
    "pk_",
    "piwik_",
    "utm_",
    "vero_",
)
"""The beginnings of whole families of such names: `utm_source`, `mc_cid`, `mtm_campaign`, `hsa_acc`."""

_NAMES = frozenset(name for names in APPENDED.values() for name in names)
PATTERN = rf"[?&](?:{'|'.join(map(re.escape, sorted(_NAMES)))}|(?:{'|'.join(BEGINNINGS)})[^=&#]*)=[^&#]*"
"""The pattern of such a parameter in an address, in small letters, with the sign before it; for the database too."""


def is_tracking(parameter: str) -> bool:
    """Return whether a parameter of a link was appended on the way and means nothing here."""
    name = parameter.casefold()
    return name in _NAMES or name.startswith(BEGINNINGS)


def drop_tracking(query: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return a link's parameters (name → values) without those appended on the way."""
    return {name: list(values) for name, values in query.items() if not is_tracking(name)}
