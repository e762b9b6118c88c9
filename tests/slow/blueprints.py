"""Resources to try the API with: from a small one to one with every type and relation."""

TASK = ("task title:str notes:text? done:bool=false",)
TASKFLOW = (
    "project name:str(80):unique color:color? archived:bool=false",
    "label name:str(30):unique color:color=#888888",
    "task title:str notes:text? done:bool=false due:date? estimate:int? "
    "priority:enum(low,normal,high)=normal project:ref labels:many(label)",
    "comment body:text author:email? task:ref",
)
SHOP = (
    "customer name:str(80) email:email:unique website:url? born:date? vip:bool=false "
    "balance:decimal(12,2)=0 settings:json?",
    "label name:str(20):unique color:color=#888888 rank:int=0",
    "order number:str(20):unique status:enum(new,paid,sent)=new total:decimal(10,2) weight:float? "
    "placed:datetime? wanted:time? token:uuid?:unique notes:text? customer:ref labels:many(label)",
)
TEN = (
    "country name:str(60):unique population:int? area:float?",
    "city name:str(60):index founded:date? country:ref",
    "person name:str(80) email:email:unique homepage:url? born:date? wakes:time? boss:ref(person)? "
    "city:ref?",
    "team name:str:unique color:color motto:text? people:many(person)",
    "tag name:str(20):unique rank:int=0",
    "article title:str(120) slug:str(60):unique body:text status:enum(draft,live,old)=draft "
    "published:datetime? author:ref(person) tags:many(tag)",
    "review article:ref stars:int=3 text:text? helpful:bool=false token:uuid?",
    "product code:uuid:unique name:str price:decimal(10,2) rate:decimal(5,4)? weight:float=1.5 "
    "details:json? picture:url? tags:many(tag)",
    "invoice number:str(12):unique total:decimal(18,6) paid:bool due:date sent:datetime? "
    "customer:ref(person)",
    "reading sensor:uuid taken:datetime:index value:float raw:json quality:enum(good,bad) "
    "clock:time count:int:index",
)
