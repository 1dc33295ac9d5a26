### كلمات الصفحات بالعربية

## حول كل صفحة

skip = انتقل إلى المحتوى
notice = تنبيه
menu = القائمة
dark-theme = المظهر الداكن
pages = الصفحات
on-this-page = في هذه الصفحة
moved-here = ما تبحث عنه انتقل إلى هنا
links = روابط
edit = حرّر هذه الصفحة
as-markdown = عرض بصيغة Markdown

## قيم القارئ

bot-id = معرّف الروبوت
your-values = قيمك
values-help = تُملأ الأمثلة في هذه الصفحات بما يُكتب هنا. ولا يغادر ذلك المتصفح.
fill-in = املأ
clear = امسح
wrong-value = هذه ليست قيمة صحيحة: { $variable }.
wrong-value-like = القيمة تشبه { $example }
wrong-value-pattern = يجب أن تطابق { $pattern }
wrong-value-long = عدد الأحرف لا يزيد على { $number }.
wrong-value-address = تبدأ بـ https:// أو http:// وتذكر مضيفًا.
wrong-value-typed = لا يمكن لرابط أن يملأ هذه القيمة. تُكتب هنا.
values-from-link = ملأ رابط إلى هذه الصفحة:
keep-values = احتفظ
undo = تراجع
undone = أُلغي ما ملأه الرابط.
filled-in = مُلئت الأمثلة.
cleared = عادت الأمثلة إلى القيم البديلة.

## النسخ

address = العنوان
copy = نسخ
copied = نُسخ
copy-failed = تعذّر
copied-what = نُسخ: { $what }
copy-failed-help = تعذّر النسخ. النص محدد، ويمكن نسخه بلوحة المفاتيح.
code-sample = شفرة { $language } رقم { $number }
copy-as-markdown = نسخ بصيغة Markdown
this-page-as-markdown = هذه الصفحة بصيغة Markdown
markdown-from-disk = لا يسمح المتصفح لصفحة من القرص بقراءة نص Markdown. اعرضه وانسخه هناك.
markdown-not-loaded = تعذّر تحميل Markdown. حاول مرة أخرى، أو اعرضه وانسخه هناك.
markdown-not-copied = رفض المتصفح النسخ. اعرض Markdown وانسخه هناك.
wrap-lines = لف الأسطر

## تشغيل البث

play = تشغيل
stop = إيقاف
raw = كما يُرسل
stream-plays = البث يعمل، عدد العناصر: { $number }.
stream-stopped = توقف. يظهر البث كله.
stream-ended = انتهى البث.

## البحث

search = بحث
search-for = في الحقول والأحداث والأدلة
search-what = البحث في الحقول والأحداث والأدلة
search-keys = Ctrl K
search-hint = اكتب اسم نقطة وصول أو حقل أو حدث، أو رقم خطأ، أو أي كلمة من دليل.
search-results = النتائج
search-one = نتيجة واحدة
search-many = عدد النتائج: { $number }
search-first = أول { $shown } من النتائج، وعددها { $number }
search-similar = لم يوجد كما كُتب؛ المشابه: { $number }
search-none = لا نتائج لـ «{ $query }». جرّب كلمات أقل أو غيرها، أو اسم حقل، أو رقم خطأ.
search-from-disk = يحتاج البحث إلى أن يكون الموقع على الويب: لا يسمح المتصفح لصفحة من القرص بتحميل الفهرس. استعمل بحث المتصفح، أو اعرض المجلد بخادم محلي.
search-not-loaded = تعذّر تحميل البحث. تحقق من الاتصال ثم أعد تحميل الصفحة.
close = إغلاق

## صفحات بلا محتوى

not-found = لا صفحة هنا
not-found-help = ربما كان الرابط قديمًا أو في العنوان خطأ. ابدأ من { $home }، أو اختر صفحة:
first-page = الصفحة الأولى
all-pages = كل الصفحات
moved = انتقلت
moved-to = هذه الصفحة الآن في { $page }.

## صفحة الواجهة البرمجية

base-url = العنوان الأساسي
base-url-of = العنوان الأساسي · { $title }
another-base-url = عنوان أساسي آخر
authentication = المصادقة
authentication-none = غير مطلوبة.
authentication-none-here = غير مطلوبة هنا.
auth-place-none = لا شيء
auth-place-query = معامل الاستعلام
auth-place-header = ترويسة
endpoints = نقاط الوصول
no-endpoints = لم توصف هنا نقاط وصول بعد.
endpoint-deprecated = مهملة.
internal = داخلية: نقطة النهاية هذه غير منشورة.
internal-page = داخلية: هذه الصفحة غير منشورة.
path-parameters = معاملات المسار
query-parameters = معاملات الاستعلام
header-parameters = الترويسات
cookie-parameters = ملفات الارتباط
request-body = جسم الطلب
responses = الاستجابات
response-headers = الترويسات
status-default = أي حالة أخرى
stream = البث

## الأمثلة

example = مثال
examples = أمثلة
request = الطلب
streaming-request = طلب البث
answer = الإجابة
response = الاستجابة
response-status = الاستجابة { $status }
other-status = حالة أخرى
languages = اللغات
in-other-languages = بلغات أخرى: { $links }
example-file = ملف، مثل { $file }
pieces-joined = الأجزاء مجتمعةً هي { $to }
pieces-joined-whole = الأجزاء مجتمعةً هي الاستجابة كلها

## الحقول

any-other-name = أي اسم آخر
required = مطلوب
optional = اختياري
may-be-missing = قد يغيب
deprecated = مهمل
deprecated-with = مهمل: { $note }
since = منذ { $version }
form = الصيغة { $number }
same-again = المحتوى نفسه مرة أخرى: انظر { $field }.
inside-fields =
    { $count ->
        [one] حقل واحد
        [two] حقلان
        [few] { $count } حقول
        [many] { $count } حقلًا
       *[other] { $count } حقل
    }
inside-fields-of-item =
    { $count ->
        [one] حقل واحد لكل عنصر
        [two] حقلان لكل عنصر
        [few] { $count } حقول لكل عنصر
        [many] { $count } حقلًا لكل عنصر
       *[other] { $count } حقل لكل عنصر
    }
inside-forms =
    { $count ->
        [one] صيغة واحدة
        [two] صيغتان
        [few] { $count } صيغ
       *[other] { $count } صيغة
    }
inside-forms-of-item =
    { $count ->
        [one] صيغة واحدة لكل عنصر
        [two] صيغتان لكل عنصر
        [few] { $count } صيغ لكل عنصر
       *[other] { $count } صيغة لكل عنصر
    }
inside-other-fields = حقول
inside-other-fields-of-item = حقول لكل عنصر

## الأنواع

type-string = نص
type-number = عدد
type-integer = عدد صحيح
type-boolean = قيمة منطقية
type-object = كائن
type-array = مصفوفة
type-array-of = مصفوفة من { $items }
type-file = ملف
type-null = null
type-any = أي قيمة
type-forms =
    { $count ->
        [one] صيغة واحدة
        [two] إحدى صيغتين
        [few] إحدى { $count } صيغ
       *[other] إحدى { $count } صيغة
    }
type-strings = نصوص
type-numbers = أعداد
type-integers = أعداد صحيحة
type-booleans = قيم منطقية
type-objects = كائنات
type-arrays = مصفوفات
type-arrays-of = مصفوفات من { $items }
type-files = ملفات
type-nulls = null
type-anys = أي قيم
type-or = { $first } أو { $second }
type-format = { $type } ({ $format })

## القيم

fact-always = دائمًا { $value }
fact-one-of = إحدى { $values }
fact-default = الافتراضي { $value }
fact-example = مثال { $value }
fact-range = من { $low } إلى { $high }
fact-at-least = لا يقل عن { $value }
fact-at-most = لا يزيد على { $value }
fact-more-than = أكبر من { $value }
fact-less-than = أقل من { $value }
fact-multiple-of = من مضاعفات { $value }
fact-pattern = يطابق { $pattern }
fact-unique-items = بلا تكرار
fact-told-apart = يميّزها { $field }
fact-more-fields = يُسمح بحقول أخرى
fact-no-other-fields = بلا حقول أخرى
fact-of-item = كل عنصر: { $fact }
characters-exactly =
    { $count ->
        [one] حرف واحد بالضبط
        [two] حرفان بالضبط
        [few] { $count } أحرف بالضبط
        [many] { $count } حرفًا بالضبط
       *[other] { $count } حرف بالضبط
    }
characters-range = عدد الأحرف من { $low } إلى { $high }
characters-at-least = عدد الأحرف لا يقل عن { $count }
characters-at-most = عدد الأحرف لا يزيد على { $count }
items-exactly = عدد العناصر { $count } بالضبط
items-range = عدد العناصر من { $low } إلى { $high }
items-at-least = عدد العناصر لا يقل عن { $count }
items-at-most = عدد العناصر لا يزيد على { $count }

## البث

format-sse = أحداث يرسلها الخادم
format-jsonl = JSON Lines
format-text = نص مجرد
data-text = نص
data-json = JSON
data-empty = بلا بيانات
occurs-on-failure = عند الفشل
occurs-last = أخيرًا
occurs-first = أولًا
occurs-once = مرة واحدة
occurs-optional = مرة واحدة على الأكثر
occurs-repeats = يتكرر
event-data-is = بياناته { $data }
event-where = حيث { $place } هو { $value }
event-joins = { $from } مجموعًا بالترتيب هو { $to } في الاستجابة
event-joins-whole = { $from } مجموعًا بالترتيب هو الاستجابة كلها
event-data-joins = مجموعًا بالترتيب هو { $to } في الاستجابة
event-data-joins-whole = مجموعًا بالترتيب هو الاستجابة كلها
event-equals = { $from } يساوي { $to } في الاستجابة
event-equals-whole = { $from } يساوي الاستجابة كلها
event-data-equals = يساوي { $to } في الاستجابة
event-data-equals-whole = يساوي الاستجابة كلها
stream-joins = الأجزاء مجتمعةً هي { $to } في الاستجابة
stream-joins-whole = الأجزاء مجتمعةً هي الاستجابة كلها

## الأدلة

note = ملاحظة
tip = نصيحة
important = مهم
warning = تحذير
caution = احترس
task-done = تم
task-open = لم يتم
link-to = رابط إلى { $title }
table = جدول: { $head }
footnotes = الحواشي
footnote = الحاشية { $number }
footnote-back = عودة إلى الإحالة { $number }
footnote-back-again = عودة إلى الإحالة { $number }، المرة { $time }

## نسخ Markdown

twin-about = { $site }: كل الصفحات مذكورة في { $list }.
twin-about-full = { $site }: كل الصفحات مذكورة في { $list }، وكاملةً في { $full }.
twin-for-bot = للروبوت { $id }.
twin-values = ضع قيمك مكان ما يلي:
twin-auth-none = غير مطلوبة
twin-auth-bearer = رمز Bearer في ترويسة
twin-auth-basic = اسم المستخدم وكلمة المرور في ترويسة
twin-auth-key-in-query = مفتاح في الاستعلام
twin-auth-key-in-header = مفتاح في ترويسة
content-type = نوع المحتوى
all-in-one-file = كل الصفحات في ملف واحد
other-pages = صفحات أخرى
source = المصدر
