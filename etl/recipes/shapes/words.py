"""Words that tell one tool's export from another's, in the languages the tools write headers in.

Every word stands here as `etl.texts.plain.plain` leaves it: small letters and digits, without accents and punctuation.
"""

import re

from etl.recipes.shapes.model import Role, Tool

Words = frozenset[str]


def _words(text: str) -> Words:
    return frozenset(word.strip() for word in text.split("|"))


GOOGLE_TIME = _words(
    "timestamp|horodateur|horodatage|marca temporal|marca de tiempo|zeitstempel|carimbo de data hora"
    "|informazioni cronologiche|tijdstempel|отметка времени|طابع زمني|時間戳記|时间戳记|タイムスタンプ|zaman damgasi"
)
MICROSOFT_START = _words("start time|heure de debut|hora de inicio|startzeit|ora di inizio|begintijd|starttijd")
MICROSOFT_END = _words(
    "completion time|heure de fin|hora de finalizacion|fertigstellungszeit|hora de conclusao|ora di completamento"
    "|tijd van voltooien|heure d achevement"
)

SYSTEM: dict[Tool, dict[Role, Words]] = {
    Tool.MICROSOFT_FORMS: {
        Role.ID: _words("id"),
        Role.TIME: MICROSOFT_START
        | MICROSOFT_END
        | _words(
            "last modified time|heure de la derniere modification|hora de la ultima modificacion"
            "|uhrzeit der letzten anderung|hora da ultima modificacao"
        ),
        Role.PERSONAL: _words(
            "email|e mail|name|adresse de messagerie|nom|correo electronico|nombre|posta elettronica|nome|naam"
        ),
        Role.META: _words(
            "total points|quiz feedback|grade posted time|language|langue|idioma|sprache|lingua|nombre total de points"
            "|points totaux|puntos totales|gesamtpunktzahl|commentaires du questionnaire|quizfeedback"
        ),
    },
    Tool.GOOGLE_FORMS: {
        Role.TIME: GOOGLE_TIME,
        Role.PERSONAL: _words(
            "email address|username|adresse e mail|nom d utilisateur|direccion de correo electronico"
            "|nombre de usuario|e mail adresse|nutzername|endereco de e mail"
        ),
        Role.META: _words("score|punteggio|puntuacion|punktzahl|pontuacao"),
    },
    Tool.SURVEYMONKEY: {
        Role.ID: _words(
            "respondent id|respondentid|id du repondant|id de repondant|id del encuestado|befragten id|teilnehmer id"
        ),
        Role.TIME: _words(
            "start date|startdate|end date|enddate|date created|date modified|date submitted|datecreated|datemodified"
            "|date de debut|date de fin|fecha de inicio|fecha de finalizacion|startdatum|enddatum"
        ),
        Role.PERSONAL: _words(
            "ip address|ipaddress|email address|emailaddress|first name|firstname|last name|lastname|adresse ip"
            "|adresse e mail|prenom|nom|direccion ip|direccion de correo electronico|nombre|apellido|ip adresse"
            "|e mail adresse|vorname|nachname"
        ),
        Role.META: _words(
            "collector id|collectorid|collector|custom data 1|custom data|customdata|custom 1|survey id|surveyid"
            "|id du collecteur|id del recopilador|collector nm|language|response status"
        ),
    },
    Tool.LIMESURVEY: {
        Role.ID: _words("id|response id|id de la reponse|id de respuesta|antwort id|token|code d invitation"),
        Role.TIME: _words(
            "submitdate|startdate|datestamp|date submitted|date started|date last action|date de soumission"
            "|date de lancement|date de la derniere action|fecha de envio|fecha de inicio|fecha de la ultima accion"
            "|datum abgeschickt|datum gestartet|datum letzte aktivitat|datum der letzten aktion"
        ),
        Role.PERSONAL: _words("ipaddr|refurl|ip address|referrer url|adresse ip|direccion ip|ip adresse|url referente"),
        Role.META: _words(
            "lastpage|startlanguage|seed|last page|start language|derniere page|langue de depart|langue initiale"
            "|tete de serie|ultima pagina|lenguaje inicial|idioma inicial|semilla|letzte seite|start sprache"
            "|startsprache|zufallsstartwert|interviewtime|total time|temps total|tiempo total|gesamtzeit"
        ),
    },
    Tool.QUALTRICS: {
        Role.ID: _words("responseid|response id|antwort id|id de reponse|id de la reponse|id de respuesta"),
        Role.TIME: _words(
            "startdate|enddate|recordeddate|start date|end date|recorded date|startdatum|enddatum"
            "|aufgezeichnetes datum|date de debut|date de fin|date d enregistrement|date enregistree"
            "|fecha de inicio|fecha de finalizacion|fecha final|fecha registrada|fecha de registro"
        ),
        Role.PERSONAL: _words(
            "ipaddress|recipientlastname|recipientfirstname|recipientemail|externalreference|externaldatareference"
            "|emailaddress|name|ip address|recipient last name|recipient first name|recipient email"
            "|external data reference|ip adresse|adresse ip|direccion ip|locationlatitude|locationlongitude"
            "|location latitude|location longitude|locationaccuracy|location accuracy|breitengrad des standorts"
            "|langengrad des standorts|nachname des empfangers|vorname des empfangers|e mail des empfangers"
        ),
        Role.META: _words(
            "status|progress|duration in seconds|finished|distributionchannel|userlanguage|responseset|response set"
            "|response type|distribution channel|user language|antworttyp|fortschritt|dauer in sekunden|beendet"
            "|verteilungskanal|benutzersprache|type de reponse|progression|duree en secondes|termine"
            "|canal de distribution|langue de l utilisateur|tipo de respuesta|progreso|duracion en segundos|finalizado"
            "|canal de distribucion"
            "|idioma del usuario"
        ),
    },
    Tool.TYPEFORM: {
        Role.ID: _words("#|response id|token"),
        Role.TIME: _words("start date utc|submit date utc|stage date utc"),
        Role.PERSONAL: _words("network id"),
        Role.META: _words("response type|tags|ending|score|winning outcome id"),
    },
    Tool.ALCHEMER: {
        Role.ID: _words("response id"),
        Role.TIME: _words("time started|date submitted"),
        Role.PERSONAL: _words("ip address|contact id|email|longitude|latitude|city|postal"),
        Role.META: _words(
            "status|legacy comments|comments|language|referer|sessionid|session id|user agent|extended referer"
            "|country|region|tags|vid|edit link|link name"
        ),
    },
    Tool.PLAIN: {Role.ID: _words("id|no|ref|#|key|uuid"), Role.TIME: _words("date|time|submitted at|timestamp")},
}

# KoboToolbox and ODK: the tools' own columns, as they write them (in no language).
KOBO_SYSTEM: dict[str, Role] = {
    **dict.fromkeys(("_id", "_uuid", "_index", "meta/instanceid", "instanceid", "formhub/uuid"), Role.ID),
    **dict.fromkeys(("start", "end", "today", "_submission_time"), Role.TIME),
    **dict.fromkeys(("_parent_index", "_parent_table_name", "_submission__id", "_submission__uuid"), Role.PARENT),
    **dict.fromkeys(
        ("_submitted_by", "username", "deviceid", "phonenumber", "subscriberid", "simserial", "email", "_geolocation"),
        Role.PERSONAL,
    ),
    **dict.fromkeys(("__version__", "_validation_status", "_notes", "_status", "_tags", "_attachments"), Role.META),
    **dict.fromkeys(("_xform_id_string", "_bamboo_dataset_id", "_media_all_received", "meta/rootuuid"), Role.META),
    **dict.fromkeys(("_version_", "_version__001", "_duration", "audit", "background-audio"), Role.META),
}
ODK_SYSTEM: dict[str, Role] = {
    **dict.fromkeys(("key", "meta-instanceid", "instanceid"), Role.ID),
    "parent_key": Role.PARENT,
    **dict.fromkeys(("submissiondate", "start", "end", "today"), Role.TIME),
    **dict.fromkeys(
        ("submitterid", "submittername", "deviceid", "device_id", "username", "phonenumber"), Role.PERSONAL
    ),
    **dict.fromkeys(("meta-instancename", "instancename", "meta-audit", "attachmentspresent"), Role.META),
    **dict.fromkeys(("attachmentsexpected", "status", "reviewstate", "edits", "formversion"), Role.META),
}
PLACE_PARTS = re.compile(r"(^_.*_|-)(latitude|longitude|altitude|precision|accuracy)$", re.IGNORECASE)
LIME_TIMES = re.compile(
    r"^(group ?time|question ?time|temps (pour|de)|tiempo (de|del) (grupo|pregunta))|\w+Time$|^gruppenzeit"
)
QUALTRICS_META = re.compile(r"^(Q_|SC\d+$)|_DO(_|$)|_(First Click|Last Click|Page Submit|Click Count)$")

# A second header row under a question without options (SurveyMonkey).
ANSWER_ITSELF = _words(
    "response|open ended response|reponse|reponse ouverte|respuesta|respuesta abierta|antwort|offene antwort"
    "|beantwortung mit offenem ende|risposta|resposta"
)
OTHER = re.compile(
    r"^(other|others|autre|autres|otro|otra|otros|otras|andere|anderes|sonstiges|sonstige|outro|altro)\b"
    r"|\b(please specify|specify|a preciser|veuillez preciser|precisez|especifique|por favor especifique"
    r"|bitte angeben|specify other)$"
)
TICKED = _words("1|1 0|x|true|vrai|verdadero|wahr|selected|checked|yes|y|oui|si|ja|sim")
UNTICKED = _words("|0|0 0|false|faux|falso|falsch|not selected|unchecked|n a|non selectionne|no seleccionado")
NO = _words("no|non|nein|nao")

XLSFORM_TYPES = re.compile(
    r"^(select_(one|multiple)\b.*|(begin|end)[_ ](group|repeat)|note|calculate|geopoint|start|end|today|text|integer)$"
)
COUNTED = _words(
    "answer choices|response percent|response count|response total|tot respondents|total respondents|weighted average"
    "|choix de reponses|opciones de respuesta|antwortoptionen|base|answered|skipped|answered question"
    "|ont repondu|respondidas|omitidas|row percent|column percent"
)
