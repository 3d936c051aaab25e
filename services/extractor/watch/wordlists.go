package watch

import "strings"

// wordSet is a set of folded words.
type wordSet map[string]bool

func setOf(lists ...string) wordSet {
	s := wordSet{}
	for _, l := range lists {
		for w := range strings.FieldsSeq(l) {
			s[w] = true
		}
	}
	return s
}

// titles stand before a name and belong to no name; one starts a new mention.
var titles = setOf(`seyed seyyed seyyid said_ hafiz hafez mr mrs ms miss dr prof professor sir lord lady dame col colonel gen general maj major capt captain lt lieutenant sgt
	sergeant cpl corporal admiral adm president prime minister chancellor king queen prince princess sheikh shaikh sheik shaykh sheykh
	shaikh haji hajji hadji hajj haj hujjat mullah mulla mollah maulvi mawlawi maulavi molvi moulvi maulana mawlana imam ayatollah
	ayatullah hojatoleslam sayyid sayed sayyed mufti qari ustad ustadh hon honorable honourable rev reverend father bishop archbishop pope
	cardinal senator sen rep congressman congresswoman ambassador judge justice esq phd md mp dato datuk eng engineer alhaji alhadji
	commander cmdr brigadier brig marshal emir amir_ ameer_ herr frau monsieur madame signor senor senora don_ dona_ pan_ mme mlle mgr fr_
	comrade tovarish gospodin polkovnik leytenant mayor governor gov deputy secretary spokesman spokesperson spokeswoman chief
	vice first_ leader warlord militant insurgent tycoon oligarch businessman businesswoman lawyer director chairman analyst`)

// honorifics are titles that also stand inside a name: Eissa Jan Haji Abdul Qayoum.
var honorifics = setOf(`haji hajji hadji hajj haj mullah mulla mollah maulvi mawlawi maulavi molvi moulvi maulana mawlana sheikh shaikh sheik
	shaykh sheykh shaikh sayyid sayed sayyed seyed seyyed mufti qari hafiz hafez ustad ustadh imam agha`)

// suffixes stand after a name and tell the younger from the elder.
var suffixes = setOf(`jr jnr junior sr snr senior ii iii iv`)

// particles carry almost no evidence, may be left out, and are written apart, with a hyphen or glued on.
var particles = setOf(`al el ul ur bin ben ibn ebn bint bent bte binti binte ould wuld de da do dos das di del della der den van von la le
	les du zu ter ten oglu ogli ogly uulu uly kyzy kizi qizi mac mc st ud ol eddin_ abu_ the`)

// hyphenParticles are particles only where a hyphen ties them to the next word; alone they are ordinary words.
var hyphenParticles = setOf(`ad ash as at an az ar adh ath es ed en et er e i a ou us ush o d l`)

// gluers are first halves of names that are written as one word or two: Gholam Reza, Abdol-Hamid, Nur al-Din.
var gluers = setOf(`abd abdul abdel abdol abdal abdur abdu ghulam gholam abu abou aboo nur noor saif seif sayf khair kheir fakhr jamal kamal
	nejad nezhad nejhad zadeh zade pour poor pur fard niya khah doust dost parast
	mohammad mohammed muhammad mohamed amir hossein shams badr ala izz ezz allah deen din dine ullah ul rahman mir gul jan shah agha umm um`)

// legalForms are the parts of a company name that say how it is owned.
var legalForms = setOf(`inc incorporated corp corporation co company ltd limited llc llp lp plc pllc gmbh ag kg sa sas sarl srl spa nv bv oy
	oyj ab as asa aps a/s sl slu ltda lda eood ood ead ad ooo oao zao pao ao too tov jsc ojsc cjsc pjsc fze fzc fzco fzllc dmcc pte pty sdn
	bhd kft zrt doo dd sro spol sp zoo kk gk yk holding holdings group trust foundation est establishment bhd pvt private public
	joint stock limitada sociedad anonima cia compagnie societe gesellschaft mbh kabushiki kaisha tbk pt cv ve ticaret sanayi anonim sirketi
	liability aktiengesellschaft societatea raspundere limitata aktsionernoe aktsionernoye obshchestvo otkrytoe otkrytoye zakrytoe zakrytoye
	publichnoe publichnoye ogranichennoy otvetstvennostyu tovarystvo obmezhenoyu vidpovidalnistyu aktsionerne`)

// connectors hold an organisation's name together and may be left out of it.
var connectors = setOf(`of the for and in on at to de la le les du des del al el der die das und et y e i fur für a an`)

// stopWords never belong to a name, whatever their case.
var stopWords = setOf(`the a an and or but of in on at to for from by with as is was were be been are has have had he she it his her its
	they them their who whom which that this these those when where while after before said says say not no new i we you
	my our your than then there here also into over under about against during since until because if so such other more most some
	any all both each few many much own same only very just now although though despite unless whereas whether once whenever wherever
	without within among between through throughout toward towards upon onto besides beyond behind beneath across along around
	meanwhile however moreover nevertheless nonetheless therefore thus instead perhaps even still yet again already either neither nor
	what how why me him us them himself herself itself themselves being do does did will would can could may might must shall should`)

// equivalents are given names that are one name in several languages: a translation, not a spelling.
var equivalents = groupsOf(
	"joseph yusuf yousef yousuf youssef yusef josef jose giuseppe iosif osip yosef yusof iosef joe pepe jozef yossi youssouf",
	"john ivan jan juan johann johannes hans giovanni ioannis jean yahya yehya ian sean yohannes hovhannes ivane joao jack johnny yannis giannis yiannis",
	"michael mikhail miguel michel mikael mykhailo mikhael mihai michal mikayil mikhal mike misha mick",
	"george georgy georgi jorge giorgos georgios yuri yury georges jerzy giorgi yiorgos jurgen heorhii jurj jirjis girgis gheorghe iurii yurii",
	"peter pyotr petr pedro pierre petro piotr petros boutros butrus pietro petar petru pete",
	"paul pavel pablo pavlo paulo boulos bulus paolo pavlos pauli",
	"alexander aleksandr oleksandr alejandro iskander iskandar sasha alexandre aliaksandr alessandro aleksander sikandar alex aleksandar alyaksandr aliaksander alexandros",
	"nicholas nikolai mykola nicolas nikolay nikola mikalai nicola nick nikos nikolaos kolya niklas mikola nicolae",
	"vladimir volodymyr uladzimir wladimir vladimer volodya vova",
	"catherine ekaterina yekaterina katerina kateryna katsiaryna katarzyna caterina kate katya katherine kathryn",
	"jacob yakov yaqub yaqoob jakub yakub james jaime jacques giacomo yaakov iakov jim jimmy jakob",
	"abraham ibrahim avraham avram ebrahim abram",
	"david dawud daoud davud dawood daud davit daoued dave davyd",
	"solomon suleiman sulayman sulaiman suleyman salomon shlomo soleiman",
	"moses musa moshe moisei moussa moises mousa moise",
	"isaac ishaq yitzhak ishak isaak eshaq itzhak",
	"mary maria maryam miriam mariam marie maryna marija",
	"zachary zakaria zakariya zechariah zakhar zakariyya zacarias",
	"sergei sergey serhii serhiy siarhei serge sergio sergiy siarhey sergii",
	"dmitry dmitri dmytro dzmitry dimitri dimitrios dima dmitriy dimitar",
	"andrei andrey andriy andrew andreas andre andrii andres andrea andrzej andy andriej",
	"eugene evgeny yevgeny yevhen evgeni yauhen evgenii eugenio zhenya yevgeniy evgeniy",
	"gregory grigory hryhoriy ryhor grigori grigorii gregorio greg grigoriy grzegorz",
	"alexei alexey aleksey oleksiy aliaksei aleksei oleksii alexis alyaksey",
	"igor ihor", "oleg aleh oleh", "elena olena alena helen yelena helena eleni",
	"basil vasily vasyl vasili vasil vasilios vasiliy", "constantine konstantin kostyantyn kanstantsin konstantinos kostya",
	"anthony anton antonio antoine antoni tony antonis antonios", "stephen stepan steven stefan esteban etienne stjepan steve stefano stephane istvan stepanos",
	"matthew matvei mateo matthias matteo mathieu matt mattias mateus", "luke luka lukas luca lucas", "mark marko marcos marc marco markus marek",
	"lawrence lavrenty laurent lorenzo larry laurence", "francis francisco francesco francois franz paco frank ferenc",
	"charles carlos karl karol carlo charlie", "henry enrique henri heinrich genrikh henrique harry", "william guillermo wilhelm guillaume bill willem guilherme",
	"robert roberto bob rob", "richard ricardo dick riccardo", "edward eduardo eduard edouard ted edoardo", "thomas tomas tomasz foma tom tommaso",
	"philip filipp felipe philippe filip phillip", "daniel danil danylo danyal daniil danny", "gabriel jibril gavriil jabril jebril djibril gibril gabril",
	"noah nuh noe", "jonah yunus younis younes yunis iona jonas", "job ayub ayoub ayyub", "aaron harun haroun haroon aron", "elijah ilyas elias ilya ilia illia",
	"jesus isa issa eissa", "emmanuel emanuel manuel", "roman raman", "nikita mikita", "anatoly anatol anatolii", "valery valeriy valerii valeri",
	"victor viktor viktar", "artem artsiom artyom", "denis dzianis dionysius denys", "kirill kyrylo cyril kiril", "maxim maksym maksim",
	"natalia natalya nataliya natallia natasha nataliia", "tatiana tatyana tetiana tatsiana", "irina iryna irene", "svetlana sviatlana svitlana",
	"ludmila lyudmila liudmyla", "julia yulia yuliya yuliia", "golani jawlani julani jolani joulani",
	"benjamin binyamin benyamin ben_ bunyamin benny", "samuel shmuel samuil sam", "simon shimon semyon simeon simone symeon", "joshua yehoshua josue yusha",
	"joachim joaquin ioakim", "louis luis luigi ludwig lajos lewis", "christopher cristobal christoph christophe chris khristofor", "christian cristian kristian",
	"martin martino marton", "albert alberto", "alfred alfredo", "ferdinand fernando hernan ferran", "raymond ramon raimundo", "leo lev leon",
	"frederick federico friedrich frederic fred fryderyk", "lucian lucien luciano", "julius julio jules giulio yuliy", "adam adem", "eve eva hawa hava",
	"elizabeth isabel elisabeth yelizaveta elizaveta isabella liz", "anna anne ana hanna ann", "margaret margarita marguerite malgorzata peggy", "susan susana suzanne",
	"sarah sara", "rose rosa", "barbara varvara", "theodore fyodor fedor teodoro todor fiodor", "arkady arkadi arkadiy", "ignatius ignacio ignat nacho",
	"abu abou aboo abi bu aba", "mohd muhd mohammed muhammad mohamed mohammad muhammed mohamad muhamad md_ mhd",
)

// patronymicEndings make a father's name of a given name in Slavic languages, longest first.
var patronymicEndings = strings.Fields("ovich evich ovych evych avich yevich ievich ovna evna yevna ivna yivna avna ievna")

// ofFather marks the groups of patronymics, which no given name is in.
const ofFather = 1 << 12

// kinOf is the group of a given name that is one in several languages, or of the patronymic of one (Vladimirovich,
// Uladzimiravich); 0 for other words.
func kinOf(word string) uint16 {
	if kin := equivalents[word]; kin != 0 {
		return kin
	}
	stem := patronymicStem(word)
	if stem == "" {
		return 0
	}
	for _, vowel := range []string{"", "a", "i", "y", "ei", "ey", "o", "ii"} {
		if kin := equivalents[stem+vowel]; kin != 0 {
			return kin | ofFather
		}
	}
	return 0
}

// patronymicStem is a Slavic patronymic without its ending, empty for other words.
func patronymicStem(word string) string {
	if len(word) < shortestPatronymic || word[len(word)-1] != 'h' && word[len(word)-1] != 'a' {
		return ""
	}
	for _, e := range patronymicEndings {
		if stem, ok := strings.CutSuffix(word, e); ok {
			return stem
		}
	}
	return ""
}

// shortestPatronymic keeps family names like Babich apart.
const shortestPatronymic = 8

// rivals are common names that sound alike and are different names; a spelling of one is never one of another.
var rivals = []map[string]uint16{
	groupsOf("mohammed muhammad mohamed mohammad muhammed mohamad muhamad muhamed mehmet mohd mohammod muhammet mukhammad magomed",
		"ahmed ahmad achmad ahmet akhmad akhmed akhmet", "mahmud mahmoud mehmood mahmood mehmud makhmud mahmut", "hamid hameed khamid hamed hamad"),
	groupsOf("hassan hasan khasan hasen", "hussein husayn hossein hussain husain hosein hussien khusein huseyn huseyin"),
	groupsOf("karim kareem", "rahim raheem rakhim", "rahman rehman rakhman"),
	groupsOf("abdurrahman abdulrahman abdelrahman abdorrahman", "abdurrahim abdulrahim abdelrahim abdorrahim", "abdulkarim abdelkarim"),
	groupsOf("khalid khaled halid", "khalil khaleel halil", "khalif khalifa"), groupsOf("jamal gamal jamaal", "kamal kemal kamaal", "jamil jameel gamil", "kamil kameel"),
	groupsOf("salim saleem selim salem", "salam", "saleh salih salah"), groupsOf("rashid rasheed", "rashad"), groupsOf("yusuf yousef yousuf youssef yusef", "yunus younis younes yunis"),
	groupsOf("said saeed sayeed saied", "sayyid sayed sayyed"), groupsOf("ali aly", "wali vali", "adli"),
	groupsOf("maria", "mario", "marin"), groupsOf("abdullah abdallah abdulla", "obaidullah ubaydullah ubaidullah", "asadullah", "habibullah", "hizbullah"),
	groupsOf("amir ameer", "omar umar", "ammar amar"), groupsOf("george", "georgina"), groupsOf("paul", "paula"),
	groupsOf("martin", "martinez", "marvin"), groupsOf("aziz azeez", "azim azeem"), groupsOf("ghani", "hani"), groupsOf("majid majeed", "hamid hameed", "wahid waheed"),
	groupsOf("nasir naser nasser nasir", "nazir nazeer"), groupsOf("bashir basheer", "nasir nasser", "bachar bashar"), groupsOf("qasim qassem kassem kasim", "hashim hashem"),
}

// rivalWords numbers the words of rivals from one.
var rivalWords = numberRivals()

func numberRivals() map[string]uint16 {
	m := map[string]uint16{}
	for _, cluster := range rivals {
		for w := range cluster {
			if m[w] == 0 {
				m[w] = uint16(len(m) + 1) //nolint:gosec // a short table
			}
		}
	}
	return m
}

// rivalNames says whether two words are spellings of different names that sound alike.
func rivalNames(a, b string) bool {
	for _, r := range rivals {
		if x := r[a]; x != 0 {
			if y := r[b]; y != 0 && x != y {
				return true
			}
		}
	}
	return false
}

// oftenDropped are first given names that everyday use leaves out when another follows.
var oftenDropped = setOf(`mohammed muhammad mohamed mohammad muhammed mohamad muhamad mohd mehmet jose juan maria abu sayyid ali_`)

// patronymics stand between a name and the father's name.
var patronymics = setOf(`bin ben ibn ebn bint bent bte binti binte ould wuld walad`)

// groupsOf numbers groups of equivalent words from one; groups that share a word are one group.
func groupsOf(groups ...string) map[string]uint16 {
	m := map[string]uint16{}
	for i, g := range groups {
		id := uint16(i + 1) //nolint:gosec // a short table
		for w := range strings.FieldsSeq(g) {
			if known := m[w]; known != 0 {
				id = known
			}
		}
		for w := range strings.FieldsSeq(g) {
			m[w] = id
		}
	}
	return m
}

// otherJobs are occupations that speak against a watched person unless the entry names them: most namesakes in the news
// play, sing or write.
var otherJobs = setOf(`footballer striker midfielder goalkeeper defender winger forward cricketer batsman bowler sprinter swimmer boxer wrestler
	cyclist golfer goalscorer quarterback pitcher referee umpire coach singer rapper musician guitarist drummer pianist composer conductor
	actor actress comedian novelist poet author playwright painter sculptor photographer filmmaker choreographer dancer designer
	astronaut chef surgeon dentist nurse cardiologist physicist chemist biologist mathematician historian archaeologist economist
	teacher student schoolboy pupil librarian journalist reporter cameraman anchor broadcaster blogger olympian athlete gymnast jockey
	driver firefighter farmer shopkeeper taxi correspondent columnist editor player medallist medalist rower skater skier
	shooter bassist vocalist trainer bowler batsmen`)

// things turn a name before them into the name of something else: Nasiri Rad Trading, Gaddafi Stadium.
var things = setOf(`street road avenue square bridge airport stadium university college school hospital mosque church hotel bank company trading
	brigade brigades battalion foundation institute prize award cup theatre theater museum park tower towers mall restaurant bakery
	industries enterprises airlines oil shipping construction island islands mountain mountains village district province peninsula`)

// smallThings do so written small as well.
var smallThings = setOf(`cartel gang mountain mountains island islands brigade brigades village airport stadium mosque district`)

// beforePlaces are words that a place follows, with or without "of".
var beforePlaces = setOf(`near town towns village city province district island islands mount`)

// kinships stand between a name and a relative's.
var kinships = setOf(`son daughter brother sister wife widow husband father mother nephew niece cousin uncle aunt grandson granddaughter
	grandfather`)

// koreanFamilies are family names that tell a Korean name from a Chinese or Vietnamese one, as far as that can be told.
var koreanFamilies = setOf(`kim gim ri rhee pak park bak choe choi jong jung jeong chong chung cho jo kang gang yun yoon rim han oh shin sin
	kwon gwon hwang ahn ryu ryoo hong jon jeon chon paek baek nam sim shim ro roh pae bae kwak`)

// chineseFamilies are the commonest family names of China, in Pinyin.
var chineseFamilies = setOf(`wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang han feng
	deng cao peng zeng xiao tian dong yuan pan yu jiang cai du ye cheng su wei lu ding ren shen yao cui zhong tan fan jin shi liao jia xia
	fu fang bai zou meng xiong qin qiu yin xue yan duan lei hou long tao mao hao gong shao wan qian lai mo kong xiang chang ge niu hong pang
	kang shu bao zuo ji ning qu geng guan lan tong bi pei ou wen hua`)

// kunyas are "father of" and "mother of".
var kunyas = setOf(`abu abou aboo abo abi umm oum`)

// whereabouts are prepositions after which a country is where something is, not whose.
var whereabouts = setOf(`in from near to at inside outside into across for against with`)

// copulas tie what follows to the name before them.
var copulas = setOf(`is was the a an`)
